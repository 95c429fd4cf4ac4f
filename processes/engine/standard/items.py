"""What is handed over fits what is taken: messages, operations, events, calls, loops (BPMN 2.0.2, 10.3, 10.4)."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from lxml import etree

from processes.engine.problems import Problem
from processes.engine.reading.draft import child, children, reference, text_of
from processes.engine.standard.sheet import (
    CATCHING,
    THROWING,
    Sheet,
    flag,
    found,
    holder_of,
    kind_of,
    sort_of,
    sort_of_trigger,
)

_CARRYING = frozenset({"message", "signal", "error", "escalation"})
#: The messages of an operation, and which data of a process is bound to them.
_BOUND = (("inMessageRef", "inputDataRef", "dataInput"), ("outMessageRef", "outputDataRef", "dataOutput"))


def _data(task: etree._Element, sort: str) -> list[etree._Element]:
    specification = child(task, "ioSpecification")
    return [] if specification is None else list(children(specification, sort))


def _sets(task: etree._Element, sort: str) -> int:
    specification = child(task, "ioSpecification")
    return 0 if specification is None else sum(1 for _ in children(specification, sort))


def _filled(holder: etree._Element, sort: str) -> int:
    """The number of sets with something in them; editors write empty ones where there is no data."""
    specification = child(holder, "ioSpecification")
    return 0 if specification is None else sum(len(each) > 0 for each in children(specification, sort))


def services(sheet: Sheet) -> Iterator[Problem]:
    """A service task takes what its operation takes, and gives what that gives (10.3.3)."""
    for task in sheet.all("serviceTask"):
        operation = sheet.get(task.get("operationRef"))
        if operation is None or sort_of(operation) != "operation":
            continue
        into, out = child(operation, "inMessageRef"), child(operation, "outMessageRef")
        yield from _fits(sheet, task, "dataInput", "inputSet", into)
        if out is not None or _sets(task, "outputSet") > 1:
            yield from _fits(sheet, task, "dataOutput", "outputSet", out)


def _fits(
    sheet: Sheet, task: etree._Element, sort: str, set_sort: str, message_ref: etree._Element | None
) -> Iterator[Problem]:
    """One set with one piece of data, of the item that the message carries."""
    data = _data(task, sort)
    if _sets(task, set_sort) != 1 or len(data) != 1:
        yield found("task_data_number", task, type=sort)
        return
    message = None if message_ref is None else sheet.get(text_of(message_ref))
    if message is not None and kind_of(sheet.item_of(data[0])) != kind_of(sheet.item_of(message, "itemRef")):
        yield found("task_data_item", task, data=data[0].get("id", ""), message=message.get("id", ""))


def messages(sheet: Sheet) -> Iterator[Problem]:
    """A send task takes at most one input, a receive task gives one output: the item of the message (10.3.3)."""
    for sort, data_sort, set_sort in (
        ("sendTask", "dataInput", "inputSet"),
        ("receiveTask", "dataOutput", "outputSet"),
    ):
        for task in sheet.all(sort):
            data = _data(task, data_sort)
            if len(data) > 1 or _sets(task, set_sort) > 1:
                yield found("task_data_number", task, type=data_sort)
            elif (
                data
                and task.get("messageRef")
                and kind_of(sheet.item_of(data[0])) != kind_of(sheet.payload(task))
            ):
                yield found(
                    "task_data_item",
                    task,
                    data=data[0].get("id", ""),
                    message=reference(task.get("messageRef")),
                )


def events(sheet: Sheet) -> Iterator[Problem]:
    """An event with data has one piece for each of its triggers that carries an item, in their order (10.4.2)."""
    for sorts, data_sort in ((CATCHING, "dataOutput"), (THROWING, "dataInput")):
        for event in sheet.all(*sorted(sorts)):
            data = list(children(event, data_sort))
            carrying = [each for each in sheet.triggers(event) if sort_of_trigger(each) in _CARRYING]
            if not data or not carrying:
                continue
            items = [item for each in carrying if (item := sheet.payload(each)) is not None]
            if len(data) != len(items):
                yield found("event_data_number", event)
            elif [kind_of(item) for item in items] != [kind_of(sheet.item_of(one)) for one in data]:
                yield found("event_data_item", event)


def calls(sheet: Sheet) -> Iterator[Problem]:
    """A call activity has the inputs and outputs of what it calls (10.3.6), and that begins without a trigger."""

    @cache
    def specified(holder: etree._Element, sort: str) -> Counter[tuple[str, str] | None] | int:
        if sort in ("inputSet", "outputSet"):
            return _filled(holder, sort)
        return Counter(kind_of(sheet.item_of(each)) for each in _data(holder, sort))

    @cache
    def needs_trigger(called: etree._Element) -> bool:
        starts = list(children(called, "startEvent"))
        return bool(starts) and all(sheet.triggers(start) for start in starts)

    for call in sheet.all("callActivity"):
        called = sheet.get(call.get("calledElement"))
        if called is None:
            continue
        for sort in ("dataInput", "dataOutput", "inputSet", "outputSet"):
            if specified(call, sort) != specified(called, sort):
                yield found("call_data", call, type=sort, called=called.get("id", ""))
        if needs_trigger(called):
            yield found("call_start", call, called=called.get("id", ""))


def loops(sheet: Sheet) -> Iterator[Problem]:
    """What runs once for each member of a collection takes one member, of the collection's structure (10.3.8)."""
    for loop in sheet.all("multiInstanceLoopCharacteristics"):
        for ref_sort, item_sort in (
            ("loopDataInputRef", "inputDataItem"),
            ("loopDataOutputRef", "outputDataItem"),
        ):
            ref, one = child(loop, ref_sort), child(loop, item_sort)
            many = None if ref is None else sheet.item_of(sheet.get(text_of(ref)))
            item = sheet.item_of(one)
            if many is None or item is None or one is None:
                continue
            is_many = flag(item, "isCollection") or flag(one, "isCollection")
            if is_many or many.get("structureRef", "") != item.get("structureRef", ""):
                yield found(
                    "loop_item", holder_of(loop), data=one.get("id", ""), collection=many.get("id", "")
                )


def offered(sheet: Sheet) -> Iterator[Problem]:
    """Who offers an interface binds data to the operations of it (10.3.6)."""
    for holder in {
        id(ref.getparent()): holder_of(ref) for ref in sheet.all("supportedInterfaceRef")
    }.values():
        if child(holder, "ioBinding") is None:
            yield found("binding_missing", holder)


def bindings(sheet: Sheet) -> Iterator[Problem]:
    """A set of data that is bound to an operation has what the message of that carries (10.3.6)."""

    @cache
    def items(bound: etree._Element, data_sort: str) -> frozenset[tuple[str, str] | None]:
        data = (sheet.get(text_of(ref)) for ref in children(bound, f"{data_sort}Refs"))
        return frozenset(kind_of(sheet.item_of(each)) for each in data)

    for binding in sheet.all("ioBinding"):
        operation = sheet.get(binding.get("operationRef"))
        for message_sort, name, data_sort in _BOUND:
            message_ref = None if operation is None else child(operation, message_sort)
            message = None if message_ref is None else sheet.get(text_of(message_ref))
            bound = sheet.get(binding.get(name))
            if message is None or bound is None or not items(bound, data_sort):
                continue
            if kind_of(sheet.item_of(message, "itemRef")) not in items(bound, data_sort):
                yield found("binding_item", binding, set=bound.get("id", ""), message=message.get("id", ""))


RULES = (services, messages, events, calls, loops, offered, bindings)

"""Data associations: what is copied from where to where (BPMN 2.0.2, 10.4.1, 10.4.2)."""

from collections.abc import Iterator

from lxml import etree

from processes.engine.problems import Problem
from processes.engine.reading.draft import child, children, text_of
from processes.engine.standard.sheet import Sheet, found, holder_of, kind_of, sort_of

_INPUT, _OUTPUT = "dataInputAssociation", "dataOutputAssociation"


def kinds(sheet: Sheet) -> Iterator[Problem]:
    """What is copied as it is fits where it goes (10.4.2)."""
    for node in sheet.all(_INPUT, _OUTPUT):
        sources, target = list(children(node, "sourceRef")), child(node, "targetRef")
        changed = child(node, "transformation") is not None or child(node, "assignment") is not None
        if changed or len(sources) != 1 or target is None:
            continue
        ends = [kind_of(_item(sheet, text_of(end))) for end in (sources[0], target)]
        if None not in ends and ends[0] != ends[1]:
            yield found("association_item", node, source=text_of(sources[0]), target=text_of(target))


def _item(sheet: Sheet, text: str) -> etree._Element | None:
    node = sheet.get(text)
    if node is not None and sort_of(node) == "dataObjectReference":
        node = sheet.get(node.get("dataObjectRef"))
    elif node is not None and sort_of(node) == "dataStoreReference":
        node = sheet.get(node.get("dataStoreRef"))
    return sheet.item_of(node)


def sources(sheet: Sheet) -> Iterator[Problem]:
    """Only a transformation makes one piece of data out of several (10.4.2)."""
    for node in sheet.all(_INPUT, _OUTPUT):
        number = sum(1 for _ in children(node, "sourceRef"))
        if number > 1 and child(node, "transformation") is None:
            yield found("association_sources", node, number=number)


def holders(sheet: Sheet) -> Iterator[Problem]:
    """An activity or event fills its own inputs, and hands on its own outputs (10.4.2).

    The inputs of a process are filled, and its outputs taken, by whoever calls it (10.4.1).
    """
    for sort, end, data_sort in ((_INPUT, "targetRef", "dataInput"), (_OUTPUT, "sourceRef", "dataOutput")):
        for node in sheet.all(sort):
            for ref in children(node, end):
                data = sheet.get(text_of(ref))
                if data is not None and sort_of(data) == data_sort and _owner(data) is not holder_of(node):
                    yield found("association_foreign", node, data=data.get("id", ""))


def _owner(data: etree._Element) -> etree._Element:
    holder = holder_of(data)
    return holder_of(holder) if sort_of(holder) == "ioSpecification" else holder


RULES = (kinds, sources, holders)

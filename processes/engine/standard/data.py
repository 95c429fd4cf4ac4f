"""Data inputs, outputs and objects (BPMN 2.0.2, 10.3.1, 10.4)."""

from collections.abc import Iterator

from lxml import etree

from processes.engine.problems import Problem
from processes.engine.reading.draft import child, children, reference, text_of
from processes.engine.standard.sheet import Sheet, flag, found, holder_of, sort_of

_SETS = {"inputSet": ("dataInput", "Input"), "outputSet": ("dataOutput", "Output")}


def collections(sheet: Sheet) -> Iterator[Problem]:
    """Data and its item definition agree on whether it is one thing or many (table 10.52)."""
    for node in sheet.all("dataInput", "dataOutput", "dataObject", "dataStore", "property"):
        item = sheet.item_of(node)
        unmarked = node.get("isCollection") is None and sort_of(node) in ("property", "dataStore")
        if item is None or unmarked:
            continue
        if flag(node, "isCollection") != flag(item, "isCollection"):
            yield found("data_collection", node, item=item.get("id", ""))


def sets(sheet: Sheet) -> Iterator[Problem]:
    """Every input is in an input set, and what a set calls optional it also has (10.4.2)."""
    for set_sort, (data_sort, word) in _SETS.items():
        for holder in _holders(sheet, set_sort, data_sort):
            listed = {
                reference(text_of(each))
                for one in children(holder, set_sort)
                for each in children(one, f"{data_sort}Refs")
            }
            for data in children(holder, data_sort):
                if data.get("id") and data.get("id") not in listed:
                    yield found("data_in_no_set", data, set=set_sort)
        for one in sheet.all(set_sort):
            own = {reference(text_of(each)) for each in children(one, f"{data_sort}Refs")}
            for prefix in ("optional", "whileExecuting"):
                for each in children(one, f"{prefix}{word}Refs"):
                    if reference(text_of(each)) not in own:
                        yield found(
                            "data_not_in_set",
                            holder_of(one),
                            reference=reference(text_of(each)),
                            set=set_sort,
                        )


def _holders(sheet: Sheet, *sorts: str) -> Iterator[etree._Element]:
    """Whoever has sets or data directly inside: a specification, or an event; each once."""
    seen: dict[int, etree._Element] = {}
    for node in sheet.all(*sorts):
        seen.setdefault(id(holder_of(node)), holder_of(node))
    yield from seen.values()


def rules_between_sets(sheet: Sheet) -> Iterator[Problem]:
    """An input set that names an output set is named by it as well (table 10.60)."""
    for one, other, back in (
        ("inputSet", "outputSetRefs", "inputSetRefs"),
        ("outputSet", "inputSetRefs", "outputSetRefs"),
    ):
        for node in sheet.all(one):
            for each in children(node, other):
                target = sheet.get(text_of(each))
                named = (
                    set() if target is None else {reference(text_of(ref)) for ref in children(target, back)}
                )
                if node.get("id", "") not in named:
                    yield found("sets_disagree", holder_of(node), one=node.get("id", ""), other=text_of(each))


def states(sheet: Sheet) -> Iterator[Problem]:
    """The name of a reference to a data object ends with its state, and not with another one (10.4.1)."""
    for node in sheet.all("dataObjectReference"):
        state = child(node, "dataState")
        name = node.get("name", "").rstrip()
        told = name[name.rfind("[") + 1 : -1].strip() if name.endswith("]") and "[" in name else None
        if state is not None and told is not None and told != state.get("name", ""):
            yield found("data_state", node, state=state.get("name", ""))


def resources(sheet: Sheet) -> Iterator[Problem]:
    """A performer is a resource with its parameters, or an expression; not both (10.2.1)."""
    for node in sheet.all("resourceRole", "performer", "humanPerformer", "potentialOwner"):
        names_one = child(node, "resourceRef") is not None
        computes = child(node, "resourceAssignmentExpression") is not None
        if (names_one and computes) or (
            child(node, "resourceParameterBinding") is not None and not names_one
        ):
            yield found("resource_both", node)


RULES = (collections, sets, rules_between_sets, states, resources)

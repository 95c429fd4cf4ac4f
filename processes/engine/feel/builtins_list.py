"""List functions that find, take and put (DMN 1.5, 10.3.4). Positions count from 1, negative ones from the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .comparison import all_of, any_of, equal
from .runtime import Run
from .signatures import Family
from .values import Function

FAMILY = Family()


def same(run: Run, left: Any, right: Any) -> bool:
    """Whether two items are equal; items of different kinds are simply not."""
    return type(left) is type(right) and equal(run, left, right) is True


def place(run: Run, items: list[Any], position: Decimal, beyond: int = 0) -> int | None:
    """The index of a position; null with a note outside of the list (and `beyond` places after it)."""
    number = int(position)
    if number != position or number == 0 or number > len(items) + beyond or -number > len(items):
        return run.note(f"The list has no position {position}.")
    return number - 1 if number > 0 else len(items) + number


@FAMILY.define("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    run.spend(len(items))
    return any(same(run, item, element) for item in items)


@FAMILY.define("count", "list: list")
def count(run: Run, items: list[Any]) -> Decimal:
    return Decimal(len(items))


@FAMILY.define("is empty", "list: any")
def is_empty(run: Run, value: Any) -> bool:
    """Whether there is nothing in it: an empty list, context or text, or null."""
    return value is None or value in ([], {}, "")


@FAMILY.define_for_list("all")
def every_one(run: Run, items: list[Any]) -> bool | None:
    run.spend(len(items))
    return all_of(items)


@FAMILY.define_for_list("any")
def any_one(run: Run, items: list[Any]) -> bool | None:
    run.spend(len(items))
    return any_of(items)


@FAMILY.define("sublist", "list: list, start position: number, length: number?")
def sublist(run: Run, items: list[Any], start: Decimal, length: Decimal | None) -> list[Any] | None:
    begin = place(run, items, start)
    if begin is None:
        return None
    if length is not None and (length < 0 or begin + int(length) > len(items)):
        return run.note("sublist() reaches beyond the end of the list.")
    run.spend(len(items))
    return items[begin:] if length is None else items[begin : begin + int(length)]


@FAMILY.define("append", "list: list, item: any*")
def append(run: Run, items: list[Any], added: list[Any]) -> list[Any]:
    run.spend(len(items) + len(added))
    return items + added


@FAMILY.define("concatenate", "list: list*")
def concatenate(run: Run, lists: list[list[Any] | None]) -> list[Any]:
    run.spend(sum(len(items or ()) for items in lists))
    return [item for items in lists for item in items or ()]


@FAMILY.define("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    index = place(run, items, position, beyond=1)
    if index is None:
        return None
    run.spend(len(items))
    return [*items[:index], item, *items[index:]]


@FAMILY.define("remove", "list: list, position: number")
def remove(run: Run, items: list[Any], position: Decimal) -> list[Any] | None:
    index = place(run, items, position)
    if index is None:
        return None
    run.spend(len(items))
    return [*items[:index], *items[index + 1 :]]


@FAMILY.define("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    index = place(run, items, position)
    if index is None:
        return None
    run.spend(len(items))
    return [*items[:index], item, *items[index + 1 :]]


@FAMILY.define("list replace", "list: list, match: function, newItem: any")
def list_replace_matching(run: Run, items: list[Any], match: Function, new: Any) -> list[Any] | None:
    """Every item that `match(item, newItem)` is true of gives way."""
    run.spend(len(items))
    found = []
    for item in items:
        verdict = match.invoke(run, [item, new])
        if not isinstance(verdict, bool):
            return run.note("The function of list replace() must give true or false.")
        found.append(new if verdict else item)
    return found


@FAMILY.define("reverse", "list: list")
def reverse(run: Run, items: list[Any]) -> list[Any]:
    run.spend(len(items))
    return items[::-1]


@FAMILY.define("index of", "list: list, match: any")
def index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    run.spend(len(items))
    return [Decimal(n) for n, item in enumerate(items, 1) if same(run, item, match)]


@FAMILY.define("union", "list: list*")
def union(run: Run, lists: list[list[Any] | None]) -> list[Any]:
    return distinct_values(run, concatenate(run, lists))


@FAMILY.define("distinct values", "list: list")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    """The first of each group of equal items."""
    found: list[Any] = []
    for item in items:
        run.spend(len(found) + 1)
        if not any(same(run, item, other) for other in found):
            found.append(item)
    return found


@FAMILY.define("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    """The first of each group of equal items that has more than one."""
    run.spend(len(items) * len(items))
    repeated = [
        item for n, item in enumerate(items) if any(same(run, item, other) for other in items[n + 1 :])
    ]
    return distinct_values(run, repeated)


@FAMILY.define("flatten", "list: list")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    """All items of the lists within lists, in order."""
    found: list[Any] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            run.spend(1)
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            found.append(item)
        else:
            waiting.pop()
    return found


@FAMILY.define("partition", "list: list, size: number")
def partition(run: Run, items: list[Any], size: Decimal) -> list[list[Any]] | None:
    """The list cut into lists of `size` items."""
    step = int(size)
    if step < 1:
        return run.note("partition() takes a size of at least 1.")
    run.spend(len(items))
    return [items[n : n + step] for n in range(0, len(items), step)]

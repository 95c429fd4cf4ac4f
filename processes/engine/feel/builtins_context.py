"""Context functions (DMN 1.5, 10.3.4)."""

from __future__ import annotations

from typing import Any

from .runtime import Run
from .signatures import Family

FAMILY = Family()


@FAMILY.define("get value", "m: context, key: string")
def get_value(run: Run, context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@FAMILY.define("get value", "context: context, keys: list")
def get_value_at_path(run: Run, context: dict[str, Any], keys: list[Any]) -> Any:
    """The value at the end of a path of keys."""
    run.spend(len(keys))
    value: Any = context
    for key in keys:
        value = value.get(key) if isinstance(value, dict) and isinstance(key, str) else None
    return value if keys else None


@FAMILY.define("get entries", "m: context")
def get_entries(run: Run, context: dict[str, Any]) -> list[dict[str, Any]]:
    run.spend(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@FAMILY.define("context", "entries: list")
def context(run: Run, entries: list[Any]) -> dict[str, Any] | None:
    """A context of `{key, value}` entries; null when a key is missing, no text, or given twice."""
    run.spend(len(entries))
    found: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            return run.note("context() takes a list of {key: ..., value: ...}.")
        if entry["key"] in found:
            return run.note("context() was given one key twice.")
        found[entry["key"]] = entry["value"]
    return found


@FAMILY.define("context put", "context: context, key: string, value: any")
def context_put(run: Run, target: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    run.spend(len(target))
    return {**target, key: value}


@FAMILY.define("context put", "context: context, keys: list, value: any")
def context_put_at_path(
    run: Run, target: dict[str, Any], keys: list[Any], value: Any
) -> dict[str, Any] | None:
    """A copy with `value` at the end of a path of keys; missing contexts on the way are made."""
    if not keys or not all(isinstance(key, str) for key in keys):
        return run.note("context put() takes a list of texts as keys.")
    result = copy = dict(target)
    for key in keys[:-1]:
        run.spend(len(copy) + 1)
        inner = copy.get(key)
        if inner is not None and not isinstance(inner, dict):
            return run.note(f"The entry '{key}' is not a context.")
        copy[key] = copy = dict(inner or {})
    copy[keys[-1]] = value
    return result


@FAMILY.define_for_list("context merge")
def context_merge(run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    """All entries of all contexts; of equal keys the last wins."""
    merged: dict[str, Any] = {}
    for one in contexts:
        if not isinstance(one, dict):
            return run.note("context merge() takes contexts.")
        run.spend(len(one) + 1)
        merged.update(one)
    return merged

"""What the engine runs, as a table for people; made from the behaviour table, so that it cannot lie."""

from processes.engine.behaviours import BEHAVIOURS
from processes.engine.constructs import describe
from processes.engine.step_types import STANDING_FOR


def supported_table() -> str:
    """A Markdown table: one row for each element of BPMN, with the events it may have."""
    rows: dict[str, list[str]] = {}
    for construct in sorted(BEHAVIOURS.keys() - STANDING_FOR):
        sort, _, event = construct.partition(":")
        name = describe(sort).removeprefix("none ")
        rows.setdefault(name, []).append(event or ("none" if name.endswith(" event") else ""))
    lines = [f"| {name} | {', '.join(filter(None, variants))} |" for name, variants in sorted(rows.items())]
    return "\n".join(["| element | events |", "|---|---|", *lines])

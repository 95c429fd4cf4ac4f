"""Names of BPMN constructs for people."""

import re

_NAMES = {
    "subProcess": "sub-process",
    "subProcess:event": "event sub-process",
    "adHocSubProcess": "ad-hoc sub-process",
    "eventBasedGateway": "event-based gateway",
    "multiInstanceLoopCharacteristics": "multi-instance activity",
    "standardLoopCharacteristics": "loop activity",
    "compensation": "compensation activity",
    "implicitSplit": "conditional flow out of an activity",
}


def describe(construct: str) -> str:
    """`boundaryEvent:timer` -> `timer boundary event`, `inclusiveGateway` -> `inclusive gateway`."""
    if construct in _NAMES:
        return _NAMES[construct]
    sort, _, event = construct.partition(":")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sort).lower()
    words = _NAMES.get(sort, words)
    if event == "event":
        return f"event {words}"
    if event:
        return f"{event} {words}"
    return f"none {words}" if words.endswith(" event") else words

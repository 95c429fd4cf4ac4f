"""Perform task: an activity that must end with one of the allowed results."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common.errors import Invalid
from processes.kinds import Answer, Choice, StepKind, register

OUTCOMES = ("success", "neutral", "failure")


@register
class PerformTask(StepKind):
    """Done when its activity is completed with an allowed result, which conditions then read."""

    code: ClassVar[str] = "perform-task"
    label = gettext_lazy("Perform task")
    icon = "checkbox"
    inline_template = "processes/_inline_choices.html"
    activity_is_optional = False

    def allowed_results(self, settings: Mapping[str, Any]) -> list[dict[str, str]]:
        """The `portal:result` children; one plain result where there are none."""
        return [
            {"code": choice.code, "label": choice.label, "outcome": choice.outcome}
            for choice in self.choices(settings)
        ]

    def choices(self, settings: Mapping[str, Any]) -> list[Choice]:
        """One button per allowed result."""
        results = [
            Choice(
                str(result.get("code")),
                str(result.get("label") or result.get("code")),
                result["outcome"] if result.get("outcome") in OUTCOMES else "neutral",
            )
            for result in settings.get("result", ())
        ]
        return results or [Choice("done", _("Done"), "success")]

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The result has to be named where there are several."""
        found = super().schema(settings)
        return found if len(self.choices(settings)) == 1 else {**found, "required": ["result"]}

    def answer(
        self, settings: Mapping[str, Any], *, result: Any, variables: Mapping[str, Any], details: str, by: Any
    ) -> Answer:
        """The result must be an allowed one; where there is only one it need not be named."""
        codes = [choice.code for choice in self.choices(settings)]
        if result in (None, "") and len(codes) == 1:
            result = codes[0]
        if result not in codes:
            raise Invalid(result=_("Choose a result: %(known)s.") % {"known": ", ".join(codes)})
        return Answer(result, variables, activity_result=result, details=details)

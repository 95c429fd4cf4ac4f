"""Approval: somebody looks at a record and approves or rejects it, with a comment."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bpm_portal.common.errors import Invalid
from processes.engine.model import Element
from processes.engine.problems import Problem, problem
from processes.kinds import Answer, Choice, StepKind, register
from processes.step_kinds.common import is_true
from processes.step_kinds.subject import subject_of

APPROVED, REJECTED = "approved", "rejected"
#: `portal:commentRequired`: the results that need a comment.
NEED_COMMENT: Mapping[str, frozenset[str]] = {
    "reject": frozenset({REJECTED}),
    "always": frozenset({APPROVED, REJECTED}),
    "never": frozenset(),
}
MAX_COMMENT = 4000


@register
class Approval(StepKind):
    """Done when decided; the result is `approved` or `rejected`.

    `portal:record` is what is decided on, else the record of the instance. `portal:commentRequired` is `reject`
    (unless said otherwise), `always` or `never`. With `portal:delegable="true"` the approver may name another one,
    once: the new approver decides himself.
    """

    code: ClassVar[str] = "approval"
    label = gettext_lazy("Approval")
    icon = "rubber-stamp"
    news_sort = "approval"
    waiting_sentence = gettext_lazy("Waits for %(who)s to decide on “%(name)s”")
    template = "processes/_approval.html"
    inline_template = "processes/_inline_choices.html"
    makes_activity = False
    activity_is_optional = False
    reassign_label = gettext_lazy("Change approver")

    def check_element(self, element: Element) -> Iterable[Problem]:
        """`commentRequired` is one of three words."""
        said = element.portal.get("commentRequired", "reject")
        if isinstance(said, str) and said not in NEED_COMMENT:
            yield problem(
                "attribute_value",
                element=element.id,
                line=element.line,
                attribute="commentRequired",
                value=said,
                known=", ".join(NEED_COMMENT),
            )

    def choices(self, settings: Mapping[str, Any]) -> list[Choice]:
        """Approve and reject; what needs a comment needs the page."""
        need = self.needs_comment(settings)
        return [
            Choice(APPROVED, _("Approve"), "success", needs_page=APPROVED in need),
            Choice(REJECTED, _("Reject"), "failure", needs_page=REJECTED in need),
        ]

    def needs_comment(self, settings: Mapping[str, Any]) -> frozenset[str]:
        """The results that need a comment."""
        return NEED_COMMENT.get(str(settings.get("commentRequired") or "reject"), NEED_COMMENT["reject"])

    def form(
        self,
        settings: Mapping[str, Any],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        *,
        by: Any,
    ) -> forms.Form:
        """The comment."""
        need = self.needs_comment(settings)
        form = forms.Form(data, initial=dict(initial or {}))
        form.fields["details"] = forms.CharField(
            label=_("Comment"),
            required=APPROVED in need,
            max_length=MAX_COMMENT,
            widget=forms.Textarea({"rows": 3}),
            help_text=_("Say why when you reject.") if need == {REJECTED} else "",
        )
        return form

    def answer(
        self, settings: Mapping[str, Any], *, result: Any, variables: Mapping[str, Any], details: str, by: Any
    ) -> Answer:
        """A known decision, and a comment where one is needed."""
        if result not in (APPROVED, REJECTED):
            known = f"{APPROVED}, {REJECTED}"
            raise Invalid(result=_("Decide: %(known)s.") % {"known": known})
        comment = str(details or "").strip()
        if not comment and result in self.needs_comment(settings):
            raise Invalid(details=_("Say why, in a sentence."))
        if len(comment) > MAX_COMMENT:
            raise Invalid(
                details=_("The comment is too long: %(limit)d characters at most.") % {"limit": MAX_COMMENT}
            )
        return Answer(result, {}, details=comment)

    def result_words(self, settings: Mapping[str, Any], result: Any) -> str:
        """In words that name the decision, not the button."""
        return {APPROVED: _("Approved"), REJECTED: _("Rejected")}.get(result, "")

    def page_context(self, step: Any, form: forms.Form, *, by: Any) -> dict[str, Any]:
        """What is decided on."""
        return subject_of(step, by=by)

    def may_reassign(self, settings: Mapping[str, Any]) -> bool:
        """Where the diagram allows it, and once."""
        return is_true(settings.get("delegable")) and not settings.get("delegated")

    def after_reassigning(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """The new approver cannot do it again."""
        return {"delegated": True}

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The decision and the comment."""
        return {
            "type": "object",
            "properties": {"result": {"enum": [APPROVED, REJECTED]}, "details": {"type": "string"}},
            "required": ["result"],
        }

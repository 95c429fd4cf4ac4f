"""Send email: a draft that a person finishes and a worker sends.

How it works. The step waits on an activity of the category e-mail; its page composes the message. *Send* checks it
and, in one turn, puts it into the worker's queue: the step stays pending and keeps message and sender among its
settings, its `topic` marks the row as queued, an event wakes the worker, and the sweep finds rows whose event got
lost. A worker leases the row (`claimed_until`), hands the message to Django's mail backend outside any transaction,
and completes the step in a turn in the name of the sender; the same turn closes the activity with the text that was
sent. Only the holder of the lease may settle, so two workers never send the same step at the same time. A worker
that is killed between the server's yes and its own turn makes the message go out again once the lease has run out:
more than that SMTP cannot promise, but every attempt at the same text carries the same Message-ID, by which mail
systems drop repetitions. If sending fails, the turn opens an incident on the element instead: *Run element* queues
the same message again, *Correct and send again* gives the page back to the performer with everything he typed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from mimetypes import guess_type
from typing import Any, ClassVar

from django import forms
from django.conf import settings as site
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext, pgettext_lazy

from activities.belonging import files_of
from activities.models import Attachment
from bpm_portal.accounts.models import User
from bpm_portal.common.errors import Invalid
from processes.drafts import packed
from processes.kinds import Answer, Job, Queued, StepKind, register
from processes.step_kinds.addresses import Addresses, addresses_in
from processes.step_kinds.common import refuse_form

MAX_BODY = 100_000
FIELDS = ("to", "cc", "subject", "body")


@dataclass(frozen=True, slots=True)
class Letter(Answer):
    """A message that can be sent."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""


class LetterForm(forms.Form):
    """What a message consists of."""

    to = Addresses(label=pgettext_lazy("e-mail", "To"))
    cc = Addresses(label=gettext_lazy("Cc"), required=False, help_text="")
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=250)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=MAX_BODY,
        widget=forms.Textarea({"rows": 12}),
    )

    def clean_subject(self) -> str:
        """One line: a header cannot hold more."""
        return " ".join(str(self.cleaned_data["subject"]).split())


@register
class SendEmail(StepKind):
    """Done when the e-mail is sent; no result.

    `portal:to` and `portal:cc` name users, addresses or records with an e-mail address, alone or in a list;
    `portal:subject` and `portal:body` (or a child `<portal:body>`, which keeps its lines) are texts or expressions.
    """

    code: ClassVar[str] = "send-email"
    label = gettext_lazy("Send email")
    icon = "mail"
    category = "email"
    waiting_sentence = gettext_lazy("Waits for %(who)s to send “%(name)s”")
    template = "processes/_send_email.html"
    buttons_template = "processes/_buttons_send.html"
    beside_template = "processes/_send_email_files.html"
    activity_is_optional = False

    def form(
        self,
        settings: Mapping[str, Any],
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
        *,
        by: Any,
    ) -> forms.Form:
        """The message as the diagram proposes it; what was typed wins."""
        if data is not None:
            return LetterForm(data)
        return LetterForm(initial={**self.proposed(settings), **(initial or {})})

    def proposed(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """Recipients, subject and text by the diagram."""
        return {
            "to": ", ".join(addresses_in(settings.get("to"))),
            "cc": ", ".join(addresses_in(settings.get("cc"))),
            "subject": " ".join(str(settings.get("subject") or "").split())[:250],
            "body": _text(settings.get("body")),
        }

    def page_answer(self, settings: Mapping[str, Any], data: Any, *, by: Any) -> Answer:
        """The posted message."""
        return self._letter(LetterForm(data))

    def answer(
        self, settings: Mapping[str, Any], *, result: Any, variables: Mapping[str, Any], details: str, by: Any
    ) -> Answer:
        """`to` must be said, so that nothing is ever sent in passing; the rest is as the diagram proposes it."""
        if not variables.get("to"):
            raise Invalid(to=_("Open the page of this task, or say in “to” who is to get the e-mail."))
        unknown = variables.keys() - set(FIELDS)
        if unknown:
            raise Invalid(**{name: _("An e-mail has no such field.") for name in unknown})
        given = {
            name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            for name, value in variables.items()
            if value is not None
        }
        return self._letter(LetterForm({**self.proposed(settings), **given}))

    def carry_out(
        self,
        answer: Answer,
        settings: Mapping[str, Any],
        *,
        facts: Mapping[str, Any],
        by: Any,
        now: datetime,
    ) -> Queued:
        """Give it to the worker."""
        assert isinstance(answer, Letter)
        message = {
            "to": list(answer.to),
            "cc": list(answer.cc),
            "subject": answer.subject,
            "body": answer.body,
        }
        typed = packed({name: ", ".join(v) if isinstance(v, list) else v for name, v in message.items()})
        sent = Answer(activity_result=gettext_noop("Sent"), details=as_text(answer))
        return Queued(sent, message, _("The e-mail is being sent."), typed=typed)

    def page_context(self, step: Any, form: forms.Form, *, by: Any) -> dict[str, Any]:
        """The files that go out with it."""
        return {"activity": step.activity, "came_from": "", **files_of(step.activity)}

    def run(self, job: Job) -> None:
        """Send it with the files of its activity; whatever the mail server says against it becomes the incident."""
        message = job.data
        files = list(Attachment.objects.filter(activity=job.activity_id).order_by("id"))
        sender = User.objects.filter(pk=job.by_id).first() if job.by_id else None
        domain = site.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        text = json.dumps([dict(message), [file.pk for file in files]], sort_keys=True)
        digest = sha256(text.encode()).hexdigest()[:16]
        email = EmailMessage(
            subject=message["subject"],
            body=message["body"],
            to=message["to"],
            cc=message["cc"],
            reply_to=[sender.email] if sender and sender.email else None,
            headers={"Message-ID": f"<{job.key}.{digest}@{domain}>"},
        )
        for file in files:
            with file.file.open("rb") as content:
                email.attach(
                    file.name, content.read(), guess_type(file.name)[0] or "application/octet-stream"
                )
        email.send()

    def result_words(self, settings: Mapping[str, Any], result: Any) -> str:
        """There is none."""
        return ""

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The message with what the diagram proposes."""
        proposed = self.proposed(settings)
        labels = {name: str(field.label) for name, field in LetterForm.base_fields.items()}
        properties = {
            name: {"title": labels[name], "type": "string"}
            | ({"format": "email"} if name in ("to", "cc") else {})
            | ({"default": proposed[name]} if proposed[name] else {})
            for name in FIELDS
        }
        variables = {"type": "object", "properties": properties, "required": ["to", "subject", "body"]}
        return {
            "type": "object",
            "properties": {"result": {"type": "null"}, "variables": variables},
            "required": ["variables"],
        }

    def _letter(self, form: LetterForm) -> Letter:
        if not form.is_valid():
            refuse_form(form)
        data = form.cleaned_data
        return Letter(to=tuple(data["to"]), cc=tuple(data["cc"]), subject=data["subject"], body=data["body"])


def as_text(letter: Letter) -> str:
    """The message as it is kept with the activity."""
    head = [f"{pgettext('e-mail', 'To')}: {', '.join(letter.to)}"]
    if letter.cc:
        head.append(f"{_('Cc')}: {', '.join(letter.cc)}")
    head.append(f"{_('Subject')}: {letter.subject}")
    return "\n".join(head) + "\n\n" + letter.body


def _text(value: Any) -> str:
    """An attribute, or the texts of children."""
    if isinstance(value, list):
        return "\n\n".join(str(entry.get("text") or "") for entry in value)
    return str(value or "")

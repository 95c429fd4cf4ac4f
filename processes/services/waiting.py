"""What instances wait for, in sentences: who must act, on what, and since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from bpm_portal.common.moments import said_within
from bpm_portal.common.templatetags.portal import duration
from processes import kinds
from processes.engine.step_types import SUBSCRIPTION
from processes.engine_words import in_words
from processes.models import ProcessInstance, ProcessStep
from processes.services.usual import usual_lately, usual_times


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that an instance waits for; `sentence` is complete but for its time.

    `until` is the deadline of a person, or when a timer fires. `is_side` marks what only watches another
    step, such as a timer on its border. `usual` is how long people take for it, where one knows. `children`
    are the live instances that a call activity has made.
    """

    sentence: str
    since: datetime
    until: datetime | None = None
    since_words: str = ""
    usual: timedelta | None = None
    step: ProcessStep | None = None
    is_side: bool = False
    is_trouble: bool = False
    children: Sequence[ProcessInstance] = ()

    @property
    def text(self) -> str:
        """The sentence with its time: `Waits for Boris to answer “Approve?”, since today, 9:00.`"""
        words = {
            "sentence": self.sentence.rstrip("."),
            "since": self.since_words,
            "usual": duration(self.usual),
        }
        if self.usual is not None:
            return _("%(sentence)s, since %(since)s, usually %(usual)s.") % words
        return _("%(sentence)s, since %(since)s.") % words


def waiting_sentences(instance: ProcessInstance, *, now: datetime) -> list[Waiting]:
    """What one instance waits for: people first, then machines; empty where it has ended.

    With the usual time of what people do, which takes one statement more.
    """
    waiting = waiting_by_instance([instance], now=now)[instance.pk]
    if not any(each.step and _is_with_a_person(each.step) for each in waiting):
        return waiting
    return _with_usual(waiting, usual_times([instance.process_id])[instance.process_id])


def with_usual_times(
    found: Mapping[int, Sequence[Waiting]], instances: Iterable[ProcessInstance]
) -> dict[int, list[Waiting]]:
    """What a page of instances waits for, with the usual times that the cache has; no statement."""
    processes = {instance.pk: instance.process_id for instance in instances}
    usual = usual_lately(set(processes.values()))
    return {key: _with_usual(waiting, usual.get(processes[key], {})) for key, waiting in found.items()}


def _with_usual(waiting: Iterable[Waiting], usual: Mapping[str, timedelta]) -> list[Waiting]:
    return [
        replace(each, usual=usual.get(each.step.element_id))
        if each.step and _is_with_a_person(each.step)
        else each
        for each in waiting
    ]


def _is_with_a_person(step: ProcessStep) -> bool:
    return step.is_human and step.is_pending and not step.is_in_work


def waiting_by_instance(instances: Iterable[ProcessInstance], *, now: datetime) -> dict[int, list[Waiting]]:
    """The same for a whole page of instances, in two queries whatever their number."""
    by_id = {instance.pk: instance for instance in instances}
    found: dict[int, list[Waiting]] = {key: [] for key in by_id}
    live = [key for key, instance in by_id.items() if instance.status in ProcessInstance.LIVE]
    if not live:
        return found
    steps = list(ProcessStep.objects.of_instances(live).select_related("assignee", "role", "host"))
    children = _children([step.pk for step in steps if step.waits_on == ProcessStep.WaitsOn.CHILDREN])
    for step in worth_telling(steps):
        found[step.instance_id].append(waiting_of(step, children.get(step.pk, ()), now))
    for key in live:
        found[key].sort(key=lambda waiting: (waiting.is_side, not waiting.is_trouble))
        ended_at = by_id[key].ended_at
        if not found[key] and ended_at is not None:
            found[key].append(Waiting(_("Waits for the worker to record that it has ended"), ended_at))
        found[key] = [
            replace(waiting, since_words=said_within(waiting.since, now=now)) for waiting in found[key]
        ]
    return found


def worth_telling(steps: Sequence[ProcessStep]) -> list[ProcessStep]:
    """Of live steps those that say what is waited for; a sub-process waits for its own, unless it has failed itself.

    What only listens beside them does not keep it open.
    """
    scopes = {step.scope_id for step in steps if step.element_type != SUBSCRIPTION}
    return [step for step in steps if step.pk not in scopes or step.status == ProcessStep.Status.FAILED]


def _children(step_ids: Sequence[int]) -> dict[int, list[ProcessInstance]]:
    children: dict[int, list[ProcessInstance]] = {}
    if step_ids:
        called = ProcessInstance.objects.filter(parent_step__in=step_ids, status__in=ProcessInstance.LIVE)
        for child in called.defer("variables").order_by("id"):
            children.setdefault(child.parent_step_id, []).append(child)
    return children


def waiting_of(step: ProcessStep, children: Sequence[ProcessInstance], now: datetime) -> Waiting:
    """What one live step waits for; `children` are the live instances that it has called."""
    if step.status == ProcessStep.Status.FAILED:
        sentence = _("“%(name)s” has failed: %(error)s") % {"name": step, "error": in_words(step.error)}
        return Waiting(sentence.rstrip("."), step.closed_at or step.opened_at, step=step, is_trouble=True)
    if step.is_human:
        return _of_person(step, now)
    return Waiting(
        _machine_sentence(step, children, now),
        step.opened_at,
        step.due_at,
        step=step,
        is_side=step.host_id is not None or step.element_type == SUBSCRIPTION,
        children=children,
    )


def _of_person(step: ProcessStep, now: datetime) -> Waiting:
    if step.is_in_work:
        sentence = _("Waits for the worker to carry out “%(name)s”") % {"name": step}
        return Waiting(sentence, step.opened_at, step.due_at, step=step)
    if step.assignee is None and step.role is None:
        sentence = _("Waits for a process administrator to say who is to do “%(name)s”") % {"name": step}
        return Waiting(sentence, step.opened_at, step.due_at, step=step, is_trouble=True)
    who = str(step.assignee) if step.assignee else _("anyone of %(role)s") % {"role": step.role}
    sentence = str(_sentence_of_kind(step.kind)) % {"who": who, "name": step}
    if step.starts_at is not None and step.starts_at > now:
        sentence = _("%(sentence)s, to begin %(start)s") % {
            "sentence": sentence,
            "start": said_within(step.starts_at, now=now),
        }
    return Waiting(sentence, step.opened_at, step.due_at, step=step)


def _sentence_of_kind(code: str) -> Any:
    kind = kinds.all_kinds().get(code)
    return kind.waiting_sentence if kind else kinds.StepKind.waiting_sentence


def _machine_sentence(step: ProcessStep, children: Sequence[ProcessInstance], now: datetime) -> str:
    """The sentence of something that no person does; boundary events say what they watch."""
    if step.takes_elements:  # of those that are open only what has nothing open inside gets here
        return _("Waits for somebody to begin an element of “%(name)s”") % {"name": step}
    words = {
        "name": str(step),
        "topic": step.topic,
        "until": said_within(step.due_at, now=now) if step.due_at else "",
        "child": ", ".join(f"“{child.caption}”" for child in children) or f"“{step}”",
    }
    Waits = ProcessStep.WaitsOn
    sentences = {
        Waits.WORKER: _("Waits for the worker to run “%(name)s”"),
        Waits.TIMER: _("Waits until %(until)s (“%(name)s”)"),
        Waits.MESSAGE: _("Waits for the message “%(topic)s”"),
        Waits.SIGNAL: _("Waits for the signal “%(topic)s”"),
        Waits.CONDITION: _("Waits until the condition of “%(name)s” holds"),
        Waits.EVENTS: _("Waits at “%(name)s” for one of several events"),
        Waits.TOKENS: _("Waits at “%(name)s” for other branches"),
        Waits.CHILDREN: _("Waits for %(child)s to end"),
    }
    sentence = sentences.get(Waits(step.waits_on), _("Waits at “%(name)s”")) % words
    if step.host is None:
        return sentence
    return _("%(sentence)s, unless “%(host)s” is done before") % {"sentence": sentence, "host": step.host}

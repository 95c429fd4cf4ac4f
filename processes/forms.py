"""What people fill in in the library, the log and the statistics."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bpm_portal.accounts.models import User
from bpm_portal.common.forms import DayField, Picker
from processes.models import Process, ProcessInstance, ProcessVersion
from processes.services.definitions import MAX_FILES
from processes.services.journal import ACTIONS
from records.models import Record, RecordType

AUDIT_DAYS = 30  # that are looked through where no first day is given


def day_start(day: date) -> datetime:
    """The moment a day begins for the reader."""
    return timezone.make_aware(datetime.combine(day, time.min))


def range_of(chosen: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """The moments between which the days `since` to `until` lie for the reader, the latter included."""
    since, until = chosen.get("since"), chosen.get("until")
    return (
        day_start(since) if since else None,
        day_start(until + timedelta(days=1)) if until and until < date.max else None,
    )


class DateInput(forms.DateInput):
    """The browser's own picker of a day."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs, "%Y-%m-%d")


class Filters(forms.Form):
    """Filters in the address; what is mistyped there is left out, so that an old link still shows a list."""

    def chosen(self) -> dict[str, Any]:
        """The valid values that are there; looked up once."""
        self.is_valid()
        return {
            name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], False)
        }


class LibraryFilters(Filters):
    """What the library is narrowed by."""

    ENABLED = [("", _("Enabled and disabled")), ("yes", _("Enabled")), ("no", _("Disabled"))]

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    section = forms.ModelChoiceField(
        RecordType.objects.none(),
        label=_("Section"),
        required=False,
        to_field_name="code",
        empty_label=_("All sections"),
    )
    enabled = forms.ChoiceField(label=_("Status"), required=False, choices=ENABLED)

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        used = Process.objects.visible_to(user).values("record_type")
        self.fields["section"].queryset = RecordType.objects.filter(pk__in=used).order_by(
            "position", "name_en"
        )

    def narrow(self, processes: Any) -> Any:
        """The processes that match."""
        chosen = self.chosen()
        if "section" in chosen:
            processes = processes.of_section(chosen["section"].code)
        if "enabled" in chosen:
            processes = processes.enabled(chosen["enabled"] == "yes")
        return processes.search(chosen.get("q", ""))


class SeveralFilesInput(forms.ClearableFileInput):
    """Lets more than one be chosen."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """One file or more."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each as a single one would be checked."""
        chosen = data if isinstance(data, list) else [data]
        if len(chosen) > MAX_FILES:
            raise forms.ValidationError(_("Choose at most %(most)s files.") % {"most": MAX_FILES})
        return [super(SeveralFilesField, self).clean(each, initial) for each in chosen or [None]]


class DeployForm(forms.Form):
    """A diagram from the reader's disk, with the decisions that it refers to."""

    file = SeveralFilesField(
        label=_("BPMN file"),
        widget=SeveralFilesInput({"accept": ".bpmn,.xml,.dmn"}),
        error_messages={"required": _("Choose a BPMN file.")},
    )


class RolesForm(forms.Form):
    """Who may start a process."""

    roles = forms.ModelMultipleChoiceField(
        Group.objects.order_by("name"),
        label=_("Roles that may start it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without any, only those who may start every process can start it."),
    )


class DisableForm(forms.Form):
    """What becomes of running instances when a process is disabled."""

    CHOICES = [
        ("finish", _("Let them finish")),
        ("cancel", _("Cancel them")),
        ("abort", _("Do not disable the process")),
    ]

    running = forms.ChoiceField(
        label=_("Running instances"), choices=CHOICES, widget=forms.RadioSelect, initial="finish"
    )
    reason = forms.CharField(
        label=_("Reason of the cancellation"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """A cancellation has a reason."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("running") == "cancel" and not values.get("reason"):
            self.add_error("reason", _("Say why the instances are cancelled."))
        return values


class ReasonForm(forms.Form):
    """Why something is cancelled or skipped."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))

    def add_problems(self, problems: Mapping[str, Any]) -> None:
        """Show what a service has refused at the fields it names."""
        for name, problem in problems.items():
            if not self.errors.get(name):
                self.add_error(name if name in self.fields else None, str(problem))


class LogFilters(Filters):
    """What the log is narrowed by."""

    STATUSES = [("", _("Any status")), *ProcessInstance.Status.choices]

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=STATUSES)
    process = forms.ModelChoiceField(
        Process.objects.none(),
        label=_("Process"),
        required=False,
        to_field_name="key",
        empty_label=_("All processes"),
    )
    version = forms.IntegerField(label=_("Version"), required=False, min_value=1, max_value=2**31 - 1)
    starter = forms.ModelChoiceField(
        User.objects.all(), label=_("Starter"), required=False, widget=Picker("accounts:people")
    )
    record = forms.ModelChoiceField(
        Record.objects.none(), label=_("Record"), required=False, widget=Picker("activities:record-options")
    )
    since = DayField(label=_("Started from"), required=False, widget=DateInput())
    until = DayField(label=_("Started to"), required=False, widget=DateInput())

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._user = user
        self.fields["process"].queryset = Process.objects.with_instances_for(user)
        self.fields["record"].queryset = Record.objects.visible_to(user)

    def find(self) -> list[Any]:
        """The instances that match and that the user may see, as branches (see `common.ways`)."""
        instances = ProcessInstance.objects
        if "q" in self.chosen():
            return [self.narrow(instances.shown_to(self._user))]
        return [self.narrow(branch) for branch in instances.visible_branches(self._user)]

    def narrow(self, instances: Any) -> Any:
        """The instances that match."""
        chosen = self.chosen()
        if "status" in chosen:
            instances = instances.with_status(chosen["status"])
        if "process" in chosen:
            instances = instances.of_process(chosen["process"].key)
            if "version" in chosen:
                instances = instances.of_version(chosen["version"])
        if "starter" in chosen:
            instances = instances.started_by(chosen["starter"])
        if "record" in chosen:
            instances = instances.on_record(chosen["record"])
        return instances.started_between(*range_of(chosen)).search(chosen.get("q", ""))


class VersionChoice(forms.ModelChoiceField):
    """Versions by their numbers."""

    def label_from_instance(self, obj: ProcessVersion) -> str:
        """As people speak of them."""
        return str(_("Version %(number)s") % {"number": obj.number})


class DayFilters(Filters):
    """From which day to which one."""

    since = DayField(label=_("From"), required=False, widget=DateInput())
    until = DayField(label=_("To"), required=False, widget=DateInput())


class EventFilters(DayFilters):
    """What any journal is narrowed by."""

    action = forms.ChoiceField(label=_("Action"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["action"].choices = [
            ("", _("Any action")),
            *((code, label) for code, (label, _kinds) in ACTIONS.items()),
        ]

    def narrow_events(self, events: Any) -> Any:
        """Those of these days with this action."""
        chosen = self.chosen()
        events = events.between(*range_of(chosen))
        return events.of_kinds(ACTIONS[chosen["action"]][1]) if "action" in chosen else events


class JournalFilters(EventFilters):
    """What the journal of an instance is narrowed by."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Person"), required=False, empty_label=_("Anybody")
    )
    element = forms.ChoiceField(label=_("Element"), required=False)
    field_order = ("person", "action", "element", "since", "until")

    def __init__(self, *args: Any, events: Any, elements: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._events = events
        self.fields["person"].queryset = User.objects.filter(pk__in=events.people())
        self.fields["element"].choices = [("", _("Any element")), *elements]

    def narrow(self) -> Any:
        """The events that match."""
        chosen = self.chosen()
        events = self.narrow_events(self._events)
        if "person" in chosen:
            events = events.of_person(chosen["person"])
        if "element" in chosen:
            events = events.of_element(chosen["element"])
        return events


class ActorFilters(Filters):
    """Who, and in which of all processes."""

    person = forms.ModelChoiceField(
        User.objects.all(), label=_("Person"), required=False, widget=Picker("accounts:people")
    )
    process = forms.ModelChoiceField(
        Process.objects.all(),
        label=_("Process"),
        required=False,
        to_field_name="key",
        empty_label=_("All processes"),
    )


class ChangeFilters(ActorFilters, DayFilters):
    """What the changes of processes themselves are narrowed by."""

    field_order = ("person", "process", "since", "until")

    def narrow(self, changes: Any) -> Any:
        """Those that match."""
        chosen = self.chosen()
        changes = changes.between(*range_of(chosen))
        if "process" in chosen:
            changes = changes.of_process(chosen["process"])
        return changes.of_person(chosen["person"]) if "person" in chosen else changes


class AuditFilters(ActorFilters, EventFilters):
    """What the journal of all processes is narrowed by; without a first day it begins some weeks ago."""

    in_a_name = forms.BooleanField(label=_("Only on behalf of somebody else"), required=False)
    field_order = ("person", "action", "process", "since", "until", "in_a_name")

    def __init__(self, given: Any, *, today: date, **options: Any) -> None:
        if "since" not in given:
            given = given.copy()
            given["since"] = (today - timedelta(days=AUDIT_DAYS)).isoformat()
        super().__init__(given, **options)

    def narrow(self, events: Any) -> Any:
        """The events that match, whoever it was."""
        chosen = self.chosen()
        events = self.narrow_events(events)
        if "process" in chosen:
            events = events.of_process(chosen["process"])
        return events.in_a_name() if "in_a_name" in chosen else events

    def branches(self, events: Any) -> list[Any]:
        """Those that match, by each way in which they may be of the person."""
        events, chosen = self.narrow(events), self.chosen()
        return events.branches_of_person(chosen["person"]) if "person" in chosen else [events]


class StatisticsFilters(Filters):
    """A range of days, a process and one of its versions."""

    first = DayField(label=_("From"), required=False, widget=DateInput())
    last = DayField(label=_("To"), required=False, widget=DateInput())
    process = forms.ModelChoiceField(
        Process.objects.none(),
        label=_("Process"),
        required=False,
        to_field_name="key",
        empty_label=_("All processes"),
    )
    version = VersionChoice(
        ProcessVersion.objects.none(), label=_("Version"), required=False, empty_label=_("All versions")
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        processes = Process.objects.visible_to(user)
        self.fields["process"].queryset = processes
        key = self.data.get("process", "")
        # By id: a version of another process, which the browser still sends, is left out.
        versions = ProcessVersion.objects.filter(process__in=processes.filter(key=key).values("pk"))
        self.fields["version"].queryset = versions.defer("source").order_by("-number")

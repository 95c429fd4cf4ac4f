"""What there is to protect: objects of bob and alice, every one with the secret word in its caption."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from activities import services
from activities.models import Activity, ActivityConnection, Attachment, Comment, Participant
from bpm_portal.accounts.models import Substitution, User
from bpm_portal.demo.people import ADMINISTRATION
from notifications.answer_links import offer_link
from notifications.links import answer_url
from notifications.models import Notification
from processes.models import CancelItem, CancelJob, Process, ProcessEvent, ProcessInstance, ProcessStep
from processes.services import handing, instances, steps
from processes.services.cancel_jobs import start_cancel_job
from processes.services.definitions import deploy_file
from records.models import FieldChange, Record, RecordField, RecordImport, RecordType, SavedFilter
from records.services.imports import start_import
from tests import factories
from tests.factories import NOW
from tests.processes.conftest import DIAGRAMS

SECRET = "Zanzibar"
DIAGRAM = (DIAGRAMS / "secret.bpmn").read_bytes()


@dataclass
class World:
    """The people, and what is theirs."""

    alice: User
    bob: User
    carol: User
    dave: User
    mallory: User
    petra: User
    admin: User
    role: Any
    section: RecordType = field(init=False)
    contract: Record = field(init=False)
    spare: Record = field(init=False)
    account: Record = field(init=False)
    process: Process = field(init=False)
    job: CancelJob = field(init=False)
    steps: dict[str, ProcessStep] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    notification: Notification = field(init=False)
    answer_token: str = field(init=False)
    comment: Comment = field(init=False)
    file: Attachment = field(init=False)
    filter: SavedFilter = field(init=False)
    import_: RecordImport = field(init=False)

    def __post_init__(self) -> None:
        self._make_records()
        self._make_instances()
        self._make_activities()
        self.notification = Notification.objects.create(
            user=self.bob, kind="instance-completed", data={"process": f"{SECRET} news"}, created_at=NOW,
            instance=self.steps["task"].instance,
        )  # fmt: skip
        link = offer_link(step=self.steps["question"], user=self.bob, now=timezone.now())
        self.answer_token = answer_url(link.key).rstrip("/").rpartition("/")[2]

    @property
    def instance(self) -> ProcessInstance:
        """The one that waits at the first task."""
        return self.steps["task"].instance

    def _make_records(self) -> None:
        accounts = self._section("account")
        self.section = self._section("contract")
        RecordField.objects.create(
            record_type=self.section, code="partner", label=f"{SECRET} partner", kind="lookup",
            lookup_type=accounts,
        )  # fmt: skip
        self.account = self._record(accounts, "Ltd")
        self.contract = self._record(self.section, "contract")
        self.spare = self._record(self.section, "spare")
        self.import_ = start_import(
            record_type=self.section,
            file_name=f"{SECRET}.csv",
            content=f"Название\n{SECRET}\n".encode(),
            by=self.admin,
            now=NOW,
        )
        FieldChange.objects.create(
            record=self.contract, field="subject", old=f"{SECRET} draft", new="", by=self.bob, at=NOW
        )

    def _section(self, code: str) -> RecordType:
        names = {"name": f"{SECRET} {code}", "name_plural": f"{SECRET} {code}s"}
        section = factories.RecordTypeFactory(code=code, **names)
        section.roles.add(self.role)
        return section

    def _record(self, section: RecordType, name: str) -> Record:
        data = {"subject": f"{SECRET} subject"}
        return factories.RecordFactory(
            record_type=section, caption=f"{SECRET} {name}", owner=self.bob, data=data
        )

    def _make_instances(self) -> None:
        self.process = deploy_file(source=DIAGRAM, by=None, now=NOW)[0].process
        answers = [("ready", {}), ("yes", {}), ("signed", {"place": "Nowhere"})]
        names = {"task": 0, "question": 1, "taken": 1, "form": 2, "stuck": 2, "failed": 3}
        for name, length in names.items():
            instance = instances.start_process(
                process=self.process, by=self.alice, now=NOW, record=self.contract
            )
            for result, variables in answers[:length]:
                step = ProcessStep.objects.pending().get(instance=instance)
                steps.complete_step(step_id=step.pk, by=self.bob, now=NOW, result=result, variables=variables)
            self.steps[name] = ProcessStep.objects.get(instance=instance, status__in=ProcessStep.LIVE)
        # As a kind leaves it whose answer a worker could not carry out.
        ProcessStep.objects.filter(pk=self.steps["stuck"].pk).update(
            status="failed", closed_at=NOW, topic="answer", error="it did not work"
        )
        handing.take_step(step_id=self.steps["taken"].pk, by=self.bob, now=NOW)

        chosen = ProcessInstance.objects.filter(
            pk__in=[self.steps[name].instance_id for name in ("task", "form")]
        )
        self.job = start_cancel_job(instances=chosen, reason=f"{SECRET} reason", by=self.admin, now=NOW)

    def _make_activities(self) -> None:
        performers = {"own": (self.bob, None), "role": (None, self.role), "taken": (self.bob, self.role)}
        for name, (owner, role) in performers.items():
            self.activities[name] = factories.ActivityFactory(
                title=f"{SECRET} call", owner=owner, role=role, author=self.alice, record=self.contract,
                record_caption=self.contract.caption, details=f"{SECRET} details",
            )  # fmt: skip
        self.filter = SavedFilter.objects.create(
            list_code="activities",
            owner=self.bob,
            name=f"{SECRET} filter",
            query={"q": SECRET},
            created_at=NOW,
        )

        own = self.activities["own"]
        self.comment = Comment.objects.create(activity=own, author=self.bob, text=f"{SECRET} words", at=NOW)
        Participant.objects.create(activity=own, user=self.carol)
        ActivityConnection.objects.create(activity=own, record=self.spare)
        self.file = services.attach_file(
            activity_id=own.pk,
            upload=SimpleUploadedFile(f"{SECRET}.txt", SECRET.encode()),
            by=self.bob,
            now=NOW,
        )

    def fingerprint(self) -> dict[str, str]:
        """Every row that an intruder could have changed, as one digest per table; one statement."""
        models = (
            Attachment,
            CancelItem,
            CancelJob,
            Comment,
            Participant,
            Activity,
            Notification,
            Process,
            ProcessEvent,
            ProcessInstance,
            ProcessStep,
            Record,
            RecordImport,
            RecordType,
            SavedFilter,
            Substitution,
        )
        rows = "SELECT '{0}', md5(coalesce(string_agg(t::text, chr(10) ORDER BY t.id), '')) FROM {0} t"
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(rows.format(model._meta.db_table) for model in models))
            return dict(cursor.fetchall())


def make_world() -> World:
    """Everything in it is bob's or alice's, dave stands in for bob, mallory has nothing."""
    role = factories.RoleFactory(name="Sales managers")
    factories.RoleFactory(name=f"{SECRET} team")
    alice = factories.UserFactory(username="alice", last_name=SECRET)
    colleagues = [factories.UserFactory(username=name, manager=alice) for name in ("bob", "carol")]
    role.user_set.add(*colleagues)
    clerks = factories.RoleFactory(name="Clerks")
    clerks.user_set.add(alice)
    office = factories.RoleFactory(name="Process administrators")
    office.permissions.add(*Permission.objects.filter(codename__in=ADMINISTRATION))
    petra = factories.UserFactory(username="petra")
    petra.groups.add(office)
    dave, mallory = (factories.UserFactory(username=name) for name in ("dave", "mallory"))
    factories.SubstitutionFactory(absent=colleagues[0], substitute=dave)
    admin = factories.UserFactory(username="admin", is_staff=True, is_superuser=True)
    return World(alice, *colleagues, dave, mallory, petra, admin, role)

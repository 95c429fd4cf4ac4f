"""Objects for tests, with as little in them as the models demand."""

from datetime import UTC, datetime

import factory
from django.contrib.auth.models import Group

from activities.models import Activity
from bpm_portal.accounts.models import Substitution, User
from processes.models import Process, ProcessInstance, ProcessStep, ProcessVersion
from records.models import Record, RecordField, RecordType

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday morning


class UserFactory(factory.django.DjangoModelFactory):
    """A person who may sign in with the password `demo`."""

    class Meta:
        model = User
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = factory.LazyAttribute(lambda user: user.username.capitalize())
    password = factory.django.Password("demo")


class SubstitutionFactory(factory.django.DjangoModelFactory):
    """In force since the tests began, until it is ended."""

    class Meta:
        model = Substitution

    since = NOW
    created_at = NOW
    told_at = NOW


class RoleFactory(factory.django.DjangoModelFactory):
    """A role."""

    class Meta:
        model = Group
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"Role {n}")


class RecordTypeFactory(factory.django.DjangoModelFactory):
    """A section with one text and one number field."""

    class Meta:
        model = RecordType
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = "contract"
    name = "Contract"
    name_plural = "Contracts"

    @factory.post_generation
    def fields(self, create, extracted, **kwargs):
        """Give the section its fields once."""
        if create and not self.fields.exists():
            RecordField.objects.create(record_type=self, code="subject", label="Subject", in_list=True)
            RecordField.objects.create(
                record_type=self, code="amount", label="Amount", kind="number", in_list=True
            )


class RecordFactory(factory.django.DjangoModelFactory):
    """A contract."""

    class Meta:
        model = Record

    record_type = factory.SubFactory(RecordTypeFactory)
    caption = factory.Sequence(lambda n: f"Contract {n}")
    data = factory.LazyFunction(lambda: {"subject": "Paper", "amount": "100"})
    created_at = NOW
    updated_at = NOW


class ActivityFactory(factory.django.DjangoModelFactory):
    """A task of nobody, not started."""

    class Meta:
        model = Activity

    title = factory.Sequence(lambda n: f"Task {n}")
    starts_at = NOW
    created_at = NOW


class ProcessFactory(factory.django.DjangoModelFactory):
    """An enabled process without a diagram."""

    class Meta:
        model = Process

    key = factory.Sequence(lambda n: f"process_{n}")
    name = factory.Sequence(lambda n: f"Process {n}")
    created_at = NOW


class ProcessVersionFactory(factory.django.DjangoModelFactory):
    """The first version of a process; its diagram is empty, so that nothing can move in it."""

    class Meta:
        model = ProcessVersion

    process = factory.SubFactory(ProcessFactory)
    number = 1
    source = b"<definitions/>"
    digest = "0" * 64
    deployed_at = NOW


class ProcessInstanceFactory(factory.django.DjangoModelFactory):
    """A running instance, as a row alone: for tests of lists that no turn has to move."""

    class Meta:
        model = ProcessInstance

    version = factory.SubFactory(ProcessVersionFactory)
    process = factory.SelfAttribute("version.process")
    caption = factory.Sequence(lambda n: f"Approve contract {n}")
    started_at = NOW


class HumanStepFactory(factory.django.DjangoModelFactory):
    """A pending step that waits on an activity of its own, as a row alone."""

    class Meta:
        model = ProcessStep

    instance = factory.SubFactory(ProcessInstanceFactory)
    instance_caption = factory.SelfAttribute("instance.caption")
    root_id = factory.LazyAttribute(lambda step: step.instance.root_id or step.instance.pk)
    element_id = "check"
    element_type = "userTask"
    name = factory.Sequence(lambda n: f"Check paper {n}")
    kind = "perform-task"
    waits_on = "activity"
    activity = factory.SubFactory(ActivityFactory)
    opened_at = NOW
    starts_at = NOW

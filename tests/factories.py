"""Objects for tests, with as little in them as the models demand."""

from datetime import UTC, datetime

import factory
from django.contrib.auth.models import Group

from activities.models import Activity
from bpm_portal.accounts.models import User
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

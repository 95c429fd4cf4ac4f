"""Everything that reads record types and records: who may see them, what matches."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from bpm_portal.accounts.roles import role_ids
from bpm_portal.common.keyset import found_first
from bpm_portal.common.ways import Way, any_of, branches, settled
from records import lifecycle

SEARCH_LIMIT = 10_000  # the newest that match; a search that finds more needs another word


class RecordTypeQuerySet(models.QuerySet[Any]):
    """Sections."""

    def visible_to(self, user: Any) -> Self:
        """The sections this user may open: all with the permission, else those of their roles."""
        if user.has_perm("records.view_record"):
            return self
        return self.filter(roles__in=role_ids(user)).distinct()


class RecordQuerySet(models.QuerySet[Any]):
    """Records."""

    def visible_to(self, user: Any) -> Self:
        """All with the permission, else what the sections of my roles hold, what I own, what the upper
        apps let me reach (`records.lifecycle.reach`)."""
        return self if user.has_perm("records.view_record") else self.filter(any_of(self.ways(user)))

    def visible_branches(self, user: Any) -> list[Self]:
        """The same rows by the ways that lead to them, for pages of many (see `common.ways`)."""
        return branches(self, settled(self.ways(user)))

    def ways(self, user: Any) -> list[Way]:
        """How this user comes to see records."""
        if user.has_perm("records.view_record"):
            return [Q(pk__isnull=False)]
        types = self.model._meta.get_field("record_type").remote_field.model
        sections = types.roles.through.objects.filter(group_id__in=role_ids(user))
        in_section = Q(record_type_id__in=sections.values("recordtype_id"))
        return [in_section, Q(owner=user), *lifecycle.reach(user)]

    def of_type(self, code: str) -> Self:
        """The records of one section."""
        return self.filter(record_type__code=code)

    def with_fields(self) -> Self:
        """With their sections and fields at hand, for displays and `record_values`; two queries in all."""
        return self.select_related("record_type").prefetch_related("record_type__fields")

    def owned_by(self, user_id: int | None) -> Self:
        """Of one owner; None: of nobody."""
        return self.filter(owner_id=user_id) if user_id else self.filter(owner__isnull=True)

    def with_value(self, code: str, value: Any) -> Self:
        """With this stored value (or a part of it, as `{"id": 7}` of a lookup) in one field."""
        return self.filter(data__contains={code: value})

    def with_field(self, code: str) -> Self:
        """With any value in this field."""
        return self.filter(data__has_key=code)

    def with_external_id(self, external_id: str) -> Self:
        """Which another system knows by this id."""
        return self.filter(external_id=external_id)

    def changed_between(self, since: datetime | None, until: datetime | None) -> Self:
        """Last changed at `since` or later and before `until`."""
        found = self.filter(updated_at__gte=since) if since else self
        return found.filter(updated_at__lt=until) if until else found

    def meeting(self, condition: Q) -> Self:
        """Those that meet a condition of `records.narrowing`."""
        return self.filter(condition) if condition else self

    def with_order(self, expression: Any) -> Self:
        """With the value to sort by as `order_value`."""
        return self.annotate(order_value=expression)

    def referring_to(self, record: Any) -> Self:
        """The records of which a lookup field holds this one."""
        fields = self.model._meta.apps.get_model("records", "RecordField").objects.filter(
            lookup_type_id=record.record_type_id
        )
        condition = Q(pk__in=[])
        for type_id, code in fields.values_list("record_type_id", "code"):
            condition |= Q(record_type_id=type_id, data__contains={code: {"id": record.pk}})
        return self.filter(condition)

    def search(self, text: str) -> Self:
        """Where the caption contains the text, in any case; call it after all other filters.

        The matches are found inside a limited subquery, which PostgreSQL never merges with the order of
        the page around it: for a rare word that would walk the whole section instead of the trigram index.
        """
        text = text.replace("\x00", "").strip()
        if not text:
            return self
        found = self.filter(caption__icontains=text).order_by("-id").values("pk")[:SEARCH_LIMIT]
        return self.filter(found_first(found))

"""What a program may narrow the list by; every filter is a method of the queryset."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.models import Activity
from activities.querysets import ActivityQuerySet
from bpm_portal.common.filters import IdFilter, YesNoFilter

STATUSES = [
    ("open", pgettext_lazy("activities", "Open")),
    ("final", _("Completed or cancelled")),
    *Activity.Status.choices,
]


class ActivityFilter(django_filters.FilterSet):
    """`?mine=&status=&category=&record=&q=`; the search comes last, as it fences what is found so far."""

    mine = YesNoFilter(method="only_mine", label="Owned by me, or of my roles and not taken")
    status = django_filters.ChoiceFilter(
        method="with_status", choices=STATUSES, label="A status, or `open` or `final` for either of two"
    )
    category = django_filters.ChoiceFilter(choices=Activity.Category.choices)
    record = IdFilter(method="of_record", label="Id of a record that it is connected to")
    q = django_filters.CharFilter(method="matching", label="A part of the title or of the record's caption")

    class Meta:
        """Nothing comes from the model by itself."""

        model = Activity
        fields = ()

    def only_mine(self, queryset: ActivityQuerySet, name: str, value: bool) -> ActivityQuerySet:
        """For me to do."""
        return queryset.for_performer(self.request.user) if value else queryset

    def with_status(self, queryset: ActivityQuerySet, name: str, value: str) -> ActivityQuerySet:
        """One status, or a group of them."""
        return queryset.with_status(value)

    def of_record(self, queryset: ActivityQuerySet, name: str, value: int) -> ActivityQuerySet:
        """Connected to it."""
        return queryset.for_record(value)

    def matching(self, queryset: ActivityQuerySet, name: str, value: str) -> ActivityQuerySet:
        """With this text."""
        return queryset.search(value)

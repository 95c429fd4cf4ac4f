"""Records for programs: the services and querysets of the pages, as JSON."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.utils.urls import replace_query_param

from bpm_portal.accounts.models import User
from bpm_portal.common.actions import pending_counts
from bpm_portal.common.errors import Invalid
from bpm_portal.common.keyset import keyset_page
from bpm_portal.common.rest import BranchedListMixin, CallersClockMixin
from records import access, section_lists
from records.forms import owners
from records.list_form import ListForm
from records.models import Record, RecordType
from records.services import KEEP, change_record, create_record, delete_record
from records.values import refuse

MAX_IDS = 200
PAGING = ("cursor", "page_size", "format")


class RecordSerializer(serializers.ModelSerializer[Record]):
    """A record as it is read."""

    type = serializers.CharField(source="record_type.code", read_only=True)
    values = serializers.DictField(source="data", read_only=True, help_text="Field code -> value.")
    owner = serializers.CharField(source="owner.username", read_only=True, default=None, allow_null=True)
    url = serializers.SerializerMethodField(help_text="The page of the record.")

    class Meta:
        """What of the model is shown."""

        model = Record
        fields = (
            "id",
            "type",
            "caption",
            "values",
            "owner",
            "external_id",
            "external_url",
            "url",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields

    def get_url(self, record: Record) -> str:
        """Absolute where the request is known."""
        return str(reverse("records:detail", args=[record.pk], request=self.context.get("request")))


class RecordChangeSerializer(serializers.Serializer[Any]):
    """What may be changed of a record; what is left out stays, what has no such name is refused."""

    values = serializers.DictField(required=False, help_text="Field code -> value; null empties the field.")
    caption = serializers.CharField(
        required=False, max_length=250, help_text="Only where the section has no template for it."
    )
    owner = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.none(), required=False, allow_null=True
    )
    external_id = serializers.CharField(required=False, allow_blank=True, max_length=200)
    external_url = serializers.URLField(required=False, allow_blank=True, max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A misspelt name would be lost without a word."""
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            known = ", ".join(self.fields)
            words = _("There is no such entry here; known are: %(names)s.") % {"names": known}
            raise serializers.ValidationError({str(name): [words] for name in unknown})
        return attrs

    def get_fields(self) -> dict[str, Any]:
        """With everybody active as possible owners."""
        fields: dict[str, Any] = super().get_fields()
        fields["owner"].queryset = owners(None)
        return fields


class RecordCreateSerializer(RecordChangeSerializer):
    """A new record."""

    type = serializers.CharField(max_length=64, help_text="The code of the section.")


class RecordFilter(django_filters.FilterSet):
    """What the list is narrowed by."""

    type = django_filters.CharFilter(method="of_type", help_text="The code of a section.")
    q = django_filters.CharFilter(method="search", help_text="A part of the caption.")
    external_id = django_filters.CharFilter(help_text="Exactly this external id.")

    class Meta:
        """All filters are named above."""

        model = Record
        fields = ("external_id", "type", "q")  # the search comes last

    def of_type(self, records: Any, name: str, value: str) -> Any:
        """One section."""
        return records.of_type(value)

    def search(self, records: Any, name: str, value: str) -> Any:
        """The caption contains the text."""
        return records.search(value)


@extend_schema_view(
    list=extend_schema(
        summary="The records I may see, newest first",
        description=(
            "With `type` of a section that I may open, its list can be narrowed and sorted as on its page: "
            "`field-<code>=` (a part of a text, a choice, the id of a lookup), `field-<code>-from=` and `-to=` "
            "(numbers, dates), `field-<code>-is=filled` or `empty`, `owner=` (`me`, `nobody`, an id), "
            "`changed_from=`, `changed_to=`. 400 names what it cannot read."
        ),
        parameters=[
            OpenApiParameter(
                "sort", OpenApiTypes.STR, description="caption, changed, field-<code>; - reverses"
            )
        ],
    ),
    retrieve=extend_schema(summary="One record"),
    destroy=extend_schema(summary="Delete a record; 409 while steps or other records hang on it"),
)
class RecordViewSet(
    CallersClockMixin, BranchedListMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Record]
):
    """Records of all sections that the caller may see."""

    queryset = Record.objects.none()
    serializer_class = RecordSerializer
    filterset_class = RecordFilter
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Record]:
        """What the caller may see."""
        if getattr(self, "swagger_fake_view", False):
            return Record.objects.none()
        return Record.objects.visible_to(self.request.user).select_related("record_type", "owner")

    def get_branches(self) -> Sequence[QuerySet[Record]]:
        """The same by the ways that lead to them."""
        return Record.objects.visible_branches(self.request.user)

    def get_rows(self) -> QuerySet[Record]:
        """With what is shown."""
        return Record.objects.select_related("record_type", "owner")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page; of one section as its own list shows it."""
        code = request.query_params.get("type")
        section = next((known for known in access.visible_types(request.user) if known.code == code), None)
        if section is None:
            beyond = set(request.query_params) - {*RecordFilter.base_filters, *PAGING}
            words = _(
                "Only the list of a section can be asked for this: name one that you may open in “type”."
            )
            refuse({name: [words] for name in beyond})
            return super().list(request, *args, **kwargs)
        form = read_list_form(request, section)
        page = keyset_page(
            section_lists.find(request.user, section, form).select_related("record_type", "owner"),
            cursor=request.query_params.get("cursor", ""),
            size=self.paginator.get_page_size(request),
            order=form.order,
        )
        address = request.build_absolute_uri()
        cursors = {"next": page.next_cursor, "previous": page.previous_cursor}
        links = {
            name: replace_query_param(address, "cursor", cursor) if cursor else None
            for name, cursor in cursors.items()
        }
        return Response({**links, "results": self.get_serializer(page.items, many=True).data})

    @extend_schema(
        summary="Add a record",
        request=RecordCreateSerializer,
        responses={status.HTTP_201_CREATED: RecordSerializer},
    )
    def create(self, request: Request) -> Response:
        """201 with the record; 400 with the problems per field."""
        sent = RecordCreateSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        record = create_record(
            record_type=access.get_type_to_add(request.user, data["type"]),
            values=data.get("values", {}),
            by=request.user,
            now=timezone.now(),
            caption=data.get("caption", ""),
            external_id=data.get("external_id", ""),
            external_url=data.get("external_url", ""),
            owner=data.get("owner", request.user),
        )
        return Response(self.get_serializer(record).data, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Change a record", request=RecordChangeSerializer, responses=RecordSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """200 with the record; 400 with the problems per field."""
        record = access.get_record_to_change(request.user, int(pk))
        sent = RecordChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        record = change_record(
            record=record,
            values=data.get("values", {}),
            by=request.user,
            now=timezone.now(),
            caption=data.get("caption"),
            external_id=data.get("external_id"),
            external_url=data.get("external_url"),
            owner=data.get("owner", KEEP),
        )
        return Response(self.get_serializer(record).data)

    def destroy(self, request: Request, pk: str) -> Response:
        """204."""
        record = access.get_record_to_delete(request.user, int(pk))
        delete_record(record=record, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="How many pending steps wait on each of these records",
        parameters=[
            OpenApiParameter("ids", OpenApiTypes.STR, required=True, description="At most 200 ids: 1,2,3")
        ],
        responses={
            200: {
                "type": "object",
                "additionalProperties": {"type": "integer"},
                "example": {"1": 2, "2": 0},
            }
        },
        filters=False,
    )
    @action(detail=False, url_path="pending-counts", pagination_class=None, filter_backends=[])
    def pending_counts(self, request: Request) -> Response:
        """`{"id": number}`; ids of records that the caller may not see are left out."""
        ids = parse_ids(request.query_params.get("ids", ""))
        visible = list(
            Record.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True)
        )
        pending = pending_counts(request.user, visible, timezone.now())
        return Response({str(pk): pending.get(pk, 0) for pk in visible})


def read_list_form(request: Request, section: RecordType) -> ListForm:
    """What is asked of the list of a section; raises Invalid with the names of what cannot be read."""
    form = ListForm(request.query_params, record_type=section, user=request.user)
    unknown = set(request.query_params) - set(form.fields) - {"type", *PAGING}
    words = _("The list of this section has no such filter.")
    refuse({**{name: list(texts) for name, texts in form.errors.items()}, **{n: [words] for n in unknown}})
    return form


def parse_ids(text: str) -> list[int]:
    """The ids of `1,2,3`; raises Invalid for anything else and for more than `MAX_IDS`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        raise Invalid(ids=[_("Write ids as 1,2,3.")])
    if len(parts) > MAX_IDS:
        raise Invalid(ids=[_("Ask for at most %(limit)d ids at once.") % {"limit": MAX_IDS}])
    return [int(part) for part in parts]

"""Records in the Django admin: sections and their fields are made here; records are read, and saved by the service."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bpm_portal.common.errors import BusinessError
from bpm_portal.common.paging import CappedPaginator
from records.models import FieldChange, Record, RecordField, RecordType
from records.section_forms import RecordFieldForm, RecordFieldFormSet, RecordTypeForm
from records.services import (
    bring_back_field,
    change_record,
    create_record,
    delete_record,
    refusals,
    remove_field,
)
from records.values import check_values, missing_fields


class RecordFieldInline(admin.StackedInline):  # type: ignore[type-arg]
    """The fields of a section."""

    model = RecordField
    form = RecordFieldForm
    formset = RecordFieldFormSet
    fk_name = "record_type"
    extra = 0
    fields = (
        ("code", "label_en", "label_ru", "kind"),
        ("required", "multiline", "in_list", "position"),
        ("beginning", "lookup_type"),
        "choice_rows",
    )


@admin.register(RecordType)
class RecordTypeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Sections with their fields."""

    form = RecordTypeForm
    list_display = ("title", "code", "position", "in_menu")
    list_editable = ("position", "in_menu")
    search_fields = ("code", "name_en", "name_plural_en", "name_ru", "name_plural_ru")
    filter_horizontal = ("roles",)
    inlines = (RecordFieldInline,)
    change_form_template = "admin/records/section.html"

    @admin.display(description=_("section title"), ordering="name_plural_en")
    def title(self, section: RecordType) -> str:
        """As it stands in the menu of the reader."""
        return str(section.name_plural)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was removed is offered where there is something."""
        rest: list[Any] = ["icon", ("position", "in_menu"), "caption_template", "roles"]
        names: list[Any] = ["code", ("name_en", "name_ru"), ("name_plural_en", "name_plural_ru")]
        back = ["bring_back"] if obj and obj.removed_fields else []
        return [(None, {"fields": [*names, *rest, *back]})]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Fields go by the service, which keeps what records hold in them."""
        formset.save(commit=False)
        for field in formset.deleted_objects:
            if remove_field(field=field):
                text = gettext(
                    "Records keep what they hold in “%(name)s”; it can be brought back on this page."
                )
                self.message_user(request, text % {"name": field}, messages.WARNING)
        for field in [*formset.new_objects, *(row for row, _names in formset.changed_objects)]:
            field.save()
        for code in form.cleaned_data.get("bring_back", ()):
            try:
                bring_back_field(section=form.instance, code=code)
            except BusinessError as error:
                self.message_user(request, str(error), messages.ERROR)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code of a section stays: diagrams and addresses name it."""
        return ("code",) if obj else ()


class RecordAdminForm(forms.ModelForm):  # type: ignore[type-arg]
    """A record with its values as JSON; checked as the service will check it."""

    external_url = forms.URLField(
        label=_("external address"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        """What an administrator may set."""

        model = Record
        fields = ("record_type", "caption", "owner", "external_id", "external_url", "data")

    def clean(self) -> dict[str, Any]:
        """Show every problem of the values beside them."""
        data = super().clean() or {}
        record_type = self.instance.record_type if self.instance.pk else data.get("record_type")
        given = data.get("data")
        if not isinstance(given, dict):
            self.add_error("data", _("Write the values as one JSON object."))
        elif record_type is not None:
            stored = Record.objects.get(pk=self.instance.pk).data if self.instance.pk else {}
            _values, problems = check_values(record_type, given, stored=stored, by=None)
            missing = {} if self.instance.pk else missing_fields(record_type, given)
            for code, texts in {**missing, **problems}.items():
                self.add_error("data", [f"{code}: {text}" for text in texts])
        return data


@admin.register(Record)
class RecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Records of all sections; whatever is saved goes through the services, with history and news."""

    form = RecordAdminForm
    list_display = ("caption", "record_type", "owner", "external_id", "updated_at")
    list_filter = ("record_type",)
    list_select_related = ("record_type", "owner")
    search_fields = ("caption", "=external_id")
    show_full_result_count = False
    paginator = CappedPaginator
    autocomplete_fields = ("owner",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A record stays in its section."""
        return ("record_type", "created_at", "created_by", "updated_at") if obj else ()

    def save_model(self, request: HttpRequest, obj: Record, form: Any, change: bool) -> None:
        """Save by the service; the object then stands for what was saved."""
        data = form.cleaned_data
        common = {
            "caption": data["caption"],
            "owner": data["owner"],
            "external_id": data["external_id"],
            "external_url": data["external_url"],
            "by": request.user,
            "now": timezone.now(),
        }
        if change:
            codes = [field.code for field in obj.record_type.fields.all()]
            values = {code: data["data"].get(code) for code in codes}
            saved = change_record(record=obj, values=values, **common)
        else:
            saved = create_record(record_type=data["record_type"], values=data["data"], **common)
        obj.__dict__.update(saved.__dict__)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What the service would say, which moves finished steps elsewhere; the history goes with its record."""
        records = list(objs)
        names = [str(record) for record in records]
        number = {Record._meta.verbose_name_plural: len(records)}
        missing = set() if self.has_delete_permission(request) else {Record._meta.verbose_name}
        return names, number, missing, refusals(records=records, by=request.user, now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        """Delete by the service."""
        delete_record(record=obj, by=request.user, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Record]) -> None:
        """Delete one by one by the service."""
        for record in queryset:
            self.delete_model(request, record)


@admin.register(FieldChange)
class FieldChangeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The field history: to be read only."""

    list_display = ("at", "record", "field", "old", "new", "by")
    list_select_related = ("record", "by")
    search_fields = ("=record__id",)
    show_full_result_count = False
    paginator = CappedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        """It writes itself."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """History is not rewritten."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It goes with its record, and only then."""
        return False

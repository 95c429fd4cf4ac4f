"""The list of a section: what its filters find, and what stands in it."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from records import access
from records.kept_lists import KeptList
from records.list_form import ListForm
from records.models import Record, RecordType

LIST = "records"  # before the colon and the code of the section: under which kept filters of its list stand


def code_of(record_type: RecordType) -> str:
    """Under which the kept filters of this section stand."""
    return f"{LIST}:{record_type.code}"


def find(user: Any, record_type: RecordType, form: ListForm) -> Any:
    """What the filters ask for; whoever may open a section sees all its records."""
    return form.find(Record.objects.filter(record_type=access.get_type(user, record_type.code)))


def kept_list(user: Any, section_code: str) -> KeptList:
    """The list of a section, for filters that people keep; raises NotFound where it is not theirs to see."""
    record_type = access.get_type(user, section_code)

    def form_of(data: Any) -> ListForm:
        return ListForm(data, record_type=record_type, user=user)

    return KeptList(
        code=code_of(record_type),
        address=reverse("records:list", args=[record_type.code]),
        clean=lambda data: form_of(data).query(),
        find=lambda query: [find(user, record_type, form_of(_parameters(query)))],
    )


def _parameters(query: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(query)
    return data

"""What the demo tells of the past is past."""

import pytest
from django.utils import timezone

from bpm_portal.demo import people, sections, story
from processes.models import ProcessEvent, ProcessInstance

pytestmark = pytest.mark.django_db


def test_nothing_of_the_demo_has_happened_in_the_future():
    now = timezone.now()
    cast = people.make_people()
    records = sections.make_records(sections.make_sections(), cast, now)
    processes = story.deploy_all(None, now)
    story.tell_history(processes, cast, records, now)
    story.leave_waiting(processes, cast, records, now)
    assert not ProcessEvent.objects.filter(at__gt=now).exists()
    assert not ProcessInstance.objects.filter(ended_at__gt=now).exists()

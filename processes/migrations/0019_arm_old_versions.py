"""Versions from before starts were kept as rows (0008) begin by their events, too."""

import logging

from django.db import migrations
from django.utils import timezone

from processes.engine.bpmn import read
from processes.engine.errors import Incident
from processes.services.starts import start_values

logger = logging.getLogger(__name__)


def arm_old_versions(apps, schema_editor):
    """Idempotent: a version that has starts, or none to have, stays as it is."""
    now = timezone.now()
    starts = apps.get_model("processes", "ProcessStart")
    versions = apps.get_model("processes", "ProcessVersion").objects.filter(is_current=True, starts=None)
    for version in versions.select_related("process").iterator(chunk_size=50):
        definitions = read(bytes(version.source)).definitions
        definition = next((each for each in definitions if each.id == version.process.key), None)
        try:
            rows = list(start_values(definition, now)) if definition is not None else []
        except Incident as incident:
            logger.warning(
                "Version %s of %s does not begin by itself: %s", version.number, version.process.key, incident
            )
            continue
        starts.objects.bulk_create(starts(version=version, **row) for row in rows)


class Migration(migrations.Migration):
    dependencies = [("processes", "0017_log_of_a_starter")]

    operations = [migrations.RunPython(arm_old_versions, migrations.RunPython.noop)]

"""Human steps of a role that were done unclaimed belong to whoever did them, as turns write it from now on."""

from django.db import migrations

GIVE = """
    UPDATE processes_processstep SET assignee_id = closed_by_id
     WHERE assignee_id IS NULL AND closed_by_id IS NOT NULL AND waits_on IN ('activity', 'record')
       AND status IN ('completed', 'skipped')
"""


class Migration(migrations.Migration):
    """Seeing then asks for the performer alone."""

    dependencies = [("processes", "0009_wait_for_one_of_several_events")]

    operations = [migrations.RunSQL(GIVE, migrations.RunSQL.noop)]

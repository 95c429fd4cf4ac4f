"""Pending steps know the root of their instance, and an index for each performer finds the next one of its tree."""

from django.db import migrations, models

NAME_ROOTS = """
    UPDATE processes_processstep s SET root_id = coalesce(i.root_id, i.id) FROM processes_processinstance i
     WHERE i.id = s.instance_id AND s.status IN ('pending', 'failed')
"""


class Migration(migrations.Migration):
    dependencies = [("processes", "0020_keep_collections_apart")]

    operations = [
        migrations.AddField(
            model_name="processstep",
            name="root_id",
            field=models.BigIntegerField(blank=True, editable=False, null=True, verbose_name="root instance"),
        ),
        migrations.RunSQL(NAME_ROOTS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(
                    ("status", "pending"),
                    ("is_background", False),
                    ("waits_on__in", ("activity", "record")),
                ),
                fields=["assignee", "root_id", "starts_at", "id"],
                name="step_next_of_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(
                    ("status", "pending"),
                    ("assignee__isnull", True),
                    ("is_background", False),
                    ("waits_on__in", ("activity", "record")),
                ),
                fields=["role", "root_id", "starts_at", "id"],
                name="step_next_of_role",
            ),
        ),
    ]

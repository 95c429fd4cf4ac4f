"""The indexes of a performer leave out what nobody has taken: small, they are chosen also for who has done nothing yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processes", "0026_note_changes_of_processes")]

    operations = [
        migrations.RemoveIndex(
            model_name="processstep",
            name="step_pending_assignee",
        ),
        migrations.RemoveIndex(
            model_name="processstep",
            name="step_by_assignee",
        ),
        migrations.RemoveIndex(
            model_name="processstep",
            name="step_next_of_assignee",
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(
                    ("status", "pending"),
                    ("assignee__isnull", False),
                    ("waits_on__in", ("activity", "record")),
                ),
                fields=["assignee", "starts_at", "instance", "element_id", "due_at", "id"],
                name="step_pending_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(
                    ("status", "pending"),
                    ("assignee__isnull", False),
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
                condition=models.Q(("assignee__isnull", False), ("waits_on__in", ("activity", "record"))),
                fields=["assignee", "instance"],
                name="step_by_assignee",
            ),
        ),
    ]

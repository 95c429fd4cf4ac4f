from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0010_lists_by_each_way")]

    operations = [
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("status__in", ("not_started", "in_progress"))),
                fields=["due_at", "id"],
                name="activity_due",
            ),
        ),
    ]

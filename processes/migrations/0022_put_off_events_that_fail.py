"""Events whose handler has failed wait before they are published again, and hold up no others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processes", "0021_lead_to_the_next_step"), ("processes", "0021_log_by_status")]

    operations = [
        migrations.AddField(
            model_name="processevent",
            name="retry_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="not before"),
        ),
    ]

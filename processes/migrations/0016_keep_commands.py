from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processes", "0015_count_by_day")]

    operations = [
        migrations.AddField(
            model_name="processevent",
            name="command",
            field=models.JSONField(editable=False, null=True, verbose_name="command"),
        ),
    ]

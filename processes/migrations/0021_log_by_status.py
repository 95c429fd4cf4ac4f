from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processes", "0020_keep_collections_apart")]

    operations = [
        migrations.AddIndex(
            model_name="processinstance",
            index=models.Index(fields=["status", "-id"], name="instance_by_status"),
        ),
    ]

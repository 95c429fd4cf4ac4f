import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processes", "0017_read_what_a_turn_must")]

    operations = [
        migrations.CreateModel(
            name="ProcessVersionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("source", models.BinaryField(verbose_name="decisions")),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="processes.processversion",
                        verbose_name="version",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of decisions",
                "verbose_name_plural": "files of decisions",
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(models.F("version"), models.F("name"), name="version_file_once")
                ],
            },
        ),
    ]

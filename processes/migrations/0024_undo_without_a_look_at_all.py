"""Indexes for what is undone next: what was completed, in its order, and what undoes it."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [("processes", "0023_search_the_journal")]

    operations = [
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                models.F("instance"),
                models.F("scope"),
                Cast(KeyTextTransform("completedAs", "settings"), models.IntegerField()),
                condition=models.Q(("settings__has_key", "completedAs")),
                name="step_undoable",
            ),
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(
                    ("host__isnull", False),
                    models.Q(("element_type", "boundaryEvent"), _negated=True),
                ),
                fields=["host"],
                name="step_undoing",
            ),
        ),
    ]

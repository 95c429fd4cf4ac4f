from typing import Any

from django.db import migrations


def carry_over(apps: Any, schema_editor: Any) -> None:
    """What people have kept moves to the filters of all lists."""
    new_filter = apps.get_model("records", "SavedFilter")
    new_default = apps.get_model("records", "DefaultFilter")
    moved = {}
    for old in apps.get_model("activities", "SavedFilter").objects.all():
        moved[old.pk] = new_filter.objects.create(
            list_code="activities",
            owner_id=old.owner_id,
            role_id=old.role_id,
            name=old.name,
            query=old.query,
            created_at=old.created_at,
        )
    for old in apps.get_model("activities", "DefaultFilter").objects.all():
        new_default.objects.create(list_code="activities", user_id=old.user_id, filter=moved[old.filter_id])


class Migration(migrations.Migration):
    """Every list keeps its filters in one place."""

    dependencies = [
        ("activities", "0007_caption_changes"),
        ("records", "0004_defaults_kept_filters_and_imports"),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel(name="DefaultFilter"),
        migrations.DeleteModel(name="SavedFilter"),
    ]

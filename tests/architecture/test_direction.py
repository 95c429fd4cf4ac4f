"""Imports and foreign keys point downwards."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
#: From the bottom up; a model may refer to its own app and to those before it.
ORDER = ["contenttypes", "auth", "accounts", "records", "activities", "processes", "notifications"]


@pytest.mark.parametrize("model", [m for m in apps.get_models() if m._meta.app_label in ORDER])
def test_a_foreign_key_never_points_up(model):
    own = ORDER.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if field.is_relation and not field.auto_created and field.related_model:
            target = field.related_model._meta.app_label
            assert ORDER.index(target) <= own, f"{model.__name__}.{field.name} -> {target}"


def test_no_model_refers_to_just_anything():
    for model in apps.get_models():
        if model._meta.app_label in ORDER[2:]:
            assert not [f for f in model._meta.private_fields if "Generic" in type(f).__name__], model


def test_imports_keep_their_direction():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]

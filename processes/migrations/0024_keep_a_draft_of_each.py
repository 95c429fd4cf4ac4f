"""Drafts are kept per person: what there is becomes the draft of nobody in particular, which everybody is shown."""

from django.db import migrations

WRAP = (
    "UPDATE processes_processstep SET draft = jsonb_build_array(draft) WHERE jsonb_typeof(draft) = 'object'"
)
UNWRAP = "UPDATE processes_processstep SET draft = draft -> 0 WHERE jsonb_typeof(draft) = 'array'"


class Migration(migrations.Migration):
    dependencies = [("processes", "0023_search_the_journal")]

    operations = [migrations.RunSQL(WRAP, UNWRAP)]

"""Collections of sequential activities stand apart from variables; the order of completions is counted."""

from django.db import migrations, models

MOVE_COLLECTIONS = """
    UPDATE processes_processstep SET items = nullif(variables -> 'loopItems', 'null'), variables = variables - 'loopItems'
     WHERE status IN ('pending', 'failed') AND waits_on = 'children' AND variables ? 'loopItems'
"""
COUNT_COMPLETIONS = """
    UPDATE processes_processinstance i SET completions = c.completions
      FROM (SELECT instance_id, max((settings ->> 'completedAs')::int) AS completions FROM processes_processstep
             WHERE status = 'completed' AND settings ? 'completedAs' GROUP BY instance_id) c
     WHERE c.instance_id = i.id
"""


class Migration(migrations.Migration):
    dependencies = [("processes", "0019_arm_old_versions")]

    operations = [
        migrations.AddField(
            model_name="processstep",
            name="items",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="collection"),
        ),
        migrations.AddField(
            model_name="processinstance",
            name="completions",
            field=models.PositiveIntegerField(
                db_default=0, default=0, editable=False, verbose_name="completed activities"
            ),
        ),
        migrations.RunSQL(MOVE_COLLECTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT_COMPLETIONS, migrations.RunSQL.noop),
    ]

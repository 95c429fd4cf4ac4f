"""Indexes for what each turn reads; and the newest token at each join knows how many wait there."""

from django.contrib.postgres.indexes import BTreeIndex
from django.db import migrations, models

COUNT_TOKENS = """
    UPDATE processes_processstep s SET settings = s.settings || jsonb_build_object('arrived', (
           SELECT jsonb_object_agg(f.flow_id, f.number) FROM (
               SELECT t.flow_id, count(*) AS number FROM processes_processstep t
                WHERE t.instance_id = s.instance_id AND t.scope_id IS NOT DISTINCT FROM s.scope_id
                  AND t.element_id = s.element_id AND t.waits_on = 'tokens' AND t.status IN ('pending', 'failed')
                GROUP BY t.flow_id) f))
     WHERE s.waits_on = 'tokens' AND s.status IN ('pending', 'failed')
"""


class Migration(migrations.Migration):
    dependencies = [("processes", "0016_keep_commands")]

    operations = [
        migrations.RunSQL(COUNT_TOKENS, migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name="processstep",
            name="step_live",
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=BTreeIndex(
                condition=models.Q(("status__in", ("pending", "failed"))),
                deduplicate_items=False,
                fields=["instance", "scope", "element_id"],
                name="step_live",
            ),
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(("status", "failed")), fields=["instance"], name="step_failed"
            ),
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(("status__in", ("pending", "failed")), ("waits_on", "tokens")),
                fields=["instance", "scope", "element_id", "id"],
                name="step_token",
            ),
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ("pending", "failed")),
                    models.Q(
                        ("waits_on__in", ("condition", "signal")),
                        ("element_type__in", ("adHocSubProcess", "subscription")),
                        _connector="OR",
                    ),
                ),
                fields=["instance", "scope", "element_type"],
                name="step_attentive",
            ),
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(("status__in", ("pending", "failed")), ("host__isnull", False)),
                fields=["host"],
                name="step_attached",
            ),
        ),
        migrations.AddIndex(
            model_name="processstep",
            index=models.Index(
                condition=models.Q(("scope__isnull", False), ("status__in", ("completed", "skipped"))),
                fields=["scope"],
                name="step_done_inside",
            ),
        ),
    ]

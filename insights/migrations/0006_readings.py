"""How families read results is read by others no sooner than the results that they had seen when they wrote it."""

from django.db import migrations

OUTSIDE = "ds_coordinator, ds_leader, ds_board, ds_evaluator"
STATEMENTS = (
    "ALTER TABLE insights_familiesreading ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    "CREATE POLICY families ON insights_familiesreading FOR SELECT TO ds_caregiver USING (true)",
    "CREATE POLICY writers ON insights_familiesreading TO ds_facilitator, ds_worker USING (true) WITH CHECK (true)",
    f"CREATE POLICY others ON insights_familiesreading FOR SELECT TO {OUTSIDE} USING (leaders_at <= partnerships_now())",
)


class Migration(migrations.Migration):
    """Policies, and nothing else."""

    dependencies = [("insights", "0005_methods")]
    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]

"""Whoever facilitates the group of a series reads its free lines, and names them as what a theme comes from."""

from django.db import migrations

MINE = """
  SELECT batch.id FROM surveys_commentbatch batch
  JOIN dialogue_series_series series ON series.ring_id = batch.ring_id
  WHERE series.group_id IN (SELECT mine.group_id FROM partnerships_my_places() mine WHERE mine.is_led)
"""
POLICIES = [
    f"CREATE POLICY facilitators ON surveys_comment FOR SELECT TO ds_facilitator USING (batch_id IN ({MINE}))",
    """
CREATE POLICY name_a_comment ON partnerships_themesource FOR INSERT TO ds_facilitator WITH CHECK (
  post_id IS NULL AND EXISTS (
    SELECT FROM surveys_comment comment
    JOIN surveys_commentbatch batch ON batch.id = comment.batch_id
    JOIN dialogue_series_series series ON series.ring_id = batch.ring_id
    JOIN partnerships_theme theme ON theme.group_id = series.group_id
    WHERE comment.id = partnerships_themesource.comment_id AND theme.id = partnerships_themesource.theme_id
      AND theme.group_id IN (SELECT mine.group_id FROM partnerships_my_places() mine WHERE mine.is_led)))
""",
]


class Migration(migrations.Migration):
    """Policies, and nothing else."""

    dependencies = [("dialogue_series", "0003_group_door"), ("surveys", "0004_released")]
    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in POLICIES]

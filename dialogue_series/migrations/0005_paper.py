"""Whoever facilitates the group of a series makes and follows the links of its printed sheets, and no other link."""

from django.db import migrations

SHEETS = """
CREATE POLICY sheets ON accounts_link TO ds_facilitator USING (
  job = 'paper' AND about IN (
    SELECT form.id FROM surveys_form form
    JOIN dialogue_series_series series ON series.ring_id = form.ring_id
    WHERE series.group_id IN (SELECT mine.group_id FROM partnerships_my_places() mine WHERE mine.is_led)))
"""


class Migration(migrations.Migration):
    """A policy, and nothing else."""

    dependencies = [("dialogue_series", "0004_comments"), ("accounts", "0002_grants")]
    operations = [migrations.RunSQL(SHEETS, migrations.RunSQL.noop)]

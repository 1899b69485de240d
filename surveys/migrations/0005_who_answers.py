"""Who may answer by a link, found in one statement that the database has planned already: families wait for it."""

from django.db import migrations

# The same rule as surveys.access.who_may_answer, for the lines that one link leads to.
WHO_ANSWERS = """
CREATE FUNCTION surveys_who_answers(hash bytea, named text, at timestamptz) RETURNS TABLE (
  line uuid, form_id uuid, instrument_id uuid, ring_id uuid, evening_on date, opened_at timestamptz,
  closes_at timestamptz, closed_at timestamptz, school_id uuid, zone varchar, help_name varchar, help_phone varchar,
  person_id uuid, name varchar, language varchar, shares_phone boolean
) LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  held accounts_link;
BEGIN
  SELECT * INTO held FROM accounts_link link
  WHERE link.secret_hash = hash AND link.job = 'form' AND link.public = named
    AND (link.ends_at IS NULL OR link.ends_at > at);
  RETURN QUERY
  SELECT line.id, form.id, form.instrument_id, form.ring_id, form.evening_on, form.opened_at, form.closes_at,
    form.closed_at, school.id, school.zone, school.help_name, school.help_phone,
    person.id, person.name, person.language, person.shares_phone
  FROM notifications_addressowner owner
  JOIN surveys_formperson line ON line.form_id = held.about AND line.person_id = owner.person_id AND line.may_answer
  JOIN surveys_form form ON form.id = line.form_id
  JOIN accounts_school school ON school.id = form.school_id
  JOIN accounts_person person ON person.id = line.person_id
  WHERE owner.address_id = held.address
    AND EXISTS (
      SELECT FROM accounts_membership tie
      WHERE tie.person_id = line.person_id AND tie.school_id = form.school_id AND tie.kind = 'caregiver'
        AND tie.since <= at AND (tie.until IS NULL OR tie.until > at))
    AND NOT EXISTS (
      SELECT FROM accounts_membership bar
      WHERE bar.person_id = line.person_id AND bar.school_id = form.school_id
        AND bar.since <= at AND (bar.until IS NULL OR bar.until > at)
        AND (bar.kind IN ('staff', 'leader', 'teacher_seat', 'staff_seat', 'student_seat', 'principal_seat')
             OR (bar.kind = 'coordinator' AND bar.on_payroll IS DISTINCT FROM false)))
  ORDER BY person.name, person.id;
END $$
"""


class Migration(migrations.Migration):
    """Runs as whoever calls it, with a pinned search path."""

    dependencies = [
        ("surveys", "0004_released"),
        ("accounts", "0002_grants"),
        ("notifications", "0002_grants"),
    ]
    operations = [
        migrations.RunSQL(WHO_ANSWERS, "DROP FUNCTION surveys_who_answers(bytea, text, timestamptz)"),
    ]

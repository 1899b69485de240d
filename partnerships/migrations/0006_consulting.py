"""What a consultation is while families answer: as it was published, but for what whoever facilitates may say.

A board puts it out in the words of its draft and for seven days at least, by somebody in a seat of the families;
whoever facilitates at the school makes it shorter, or says that the board reads the count; nobody does anything else.
"""

from django.db import migrations

CONSULTING = """
CREATE FUNCTION partnerships_consultation_begins() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  draft partnerships_decision;
BEGIN
  IF current_user <> 'ds_board' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO draft FROM partnerships_decision decision WHERE decision.id = NEW.decision_id;
  IF NEW.form_id IS NOT NULL OR NEW.shortened_at IS NOT NULL OR NEW.count_agreed_at IS NOT NULL
    OR NEW.published_by_id IS DISTINCT FROM partnerships_me()
    OR NEW.published_at < partnerships_now() - interval '1 minute'
    OR NEW.closes_at < NEW.published_at + interval '7 days'
    OR (NEW.school_id, NEW.title_es, NEW.title_en, NEW.background_es, NEW.background_en, NEW.question_es,
        NEW.question_en, NEW.options, NEW.kind, NEW.decides_on)
      IS DISTINCT FROM (draft.school_id, draft.title_es, draft.title_en, draft.background_es, draft.background_en,
        draft.question_es, draft.question_en, draft.options, draft.kind, draft.decides_on)
    OR NOT EXISTS (
      SELECT FROM partnerships_seatterm term
      JOIN partnerships_seat seat ON seat.id = term.seat_id
      JOIN accounts_school school ON school.id = draft.school_id
      WHERE term.person_id = partnerships_me() AND seat.board_id = draft.board_id
        AND seat.kind IN ('parent_seat', 'community_seat')
        AND (partnerships_now() AT TIME ZONE school.zone)::date BETWEEN term.from_on AND term.until_on) THEN
    RAISE check_violation USING MESSAGE = 'A consultation does not begin so.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultation_begins BEFORE INSERT ON partnerships_consultation
  FOR EACH ROW EXECUTE FUNCTION partnerships_consultation_begins();

CREATE FUNCTION partnerships_consultation_changes() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF current_user <> 'ds_facilitator' THEN
    RETURN NEW;
  END IF;
  IF partnerships_now() >= OLD.closes_at OR NOT EXISTS (
      SELECT FROM partnerships_my_places() mine
      JOIN partnerships_caregiverspace space ON space.id = mine.space_id
      WHERE mine.is_led AND space.school_id = OLD.school_id)
    OR NEW.closes_at <> OLD.closes_at AND (
      NEW.closes_at > OLD.closes_at OR NEW.closes_at < OLD.published_at + interval '48 hours'
      OR NEW.closes_at < partnerships_now() + interval '24 hours' OR NEW.shortened_at IS NULL)
    OR OLD.count_agreed_at IS NOT NULL AND NEW.count_agreed_at IS DISTINCT FROM OLD.count_agreed_at THEN
    RAISE check_violation USING MESSAGE = 'A consultation does not change so.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consultation_changes BEFORE UPDATE ON partnerships_consultation
  FOR EACH ROW EXECUTE FUNCTION partnerships_consultation_changes();
"""


class Migration(migrations.Migration):
    """Two triggers."""

    dependencies = [("partnerships", "0005_seats")]
    operations = [migrations.RunSQL(CONSULTING, migrations.RunSQL.noop)]

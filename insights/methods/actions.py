"""What people do with talks, lines and findings."""

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from dialogue_series.models import Series
from insights.models import Finding, FindingSource, ReleasedLine, Talk, TalkNote
from notifications import clock
from surveys.disclosure import THEME_AUTHORS, THEME_VETO

# A source: its kind, and of which row.
Source = tuple[str, object]
# What the database finds alone, which sees words that whoever writes here may not read (0005_methods).
REFUSED = {
    "kept": _("Families keep these words, or can still keep them: they do not go out the same, nor nearly the same."),
    "own_words": _("This repeats words that a family shared and can take back. Say it another way."),
}
TWICE = _("This claim is written down already.")


@transaction.atomic
def log_talk(*, series: Series, by: Person, kind: str, held_on: date, came: int, has_consent: bool) -> Talk:
    """Log that a talk was held; said again of the same talk and day, it is corrected.

    Where consent is taken back, its notes go and its lines are taken back; the lines also where too few came after all.
    """
    same = {"series": series, "by": by, "kind": kind, "held_on": held_on}
    talk, is_new = Talk.objects.get_or_create(**same, defaults={"came": came, "has_consent": has_consent})
    if not is_new:
        talk.came, talk.has_consent = came, has_consent
        talk.save(update_fields=["came", "has_consent"])
    if not has_consent or (talk.is_with_families and came < THEME_AUTHORS):
        _take_back(ReleasedLine.objects.filter(talk=talk))
    if not has_consent:
        TalkNote.objects.filter(talk=talk, author=by).delete()
    return talk


@transaction.atomic
def write_note(*, talk: Talk, by: Person, text: str, language: str, code: str = "") -> TalkNote:
    """Note one line of a talk; the same words again are the same note.

    Raises ValidationError `no_consent` where people did not agree to notes.
    """
    if not talk.has_consent:
        raise ValidationError(_("Not everybody agreed to notes, so none are kept of this talk."), code="no_consent")
    said = {"language": language, "code": code, "written_at": clock.now()}
    return TalkNote.objects.get_or_create(talk=talk, author=by, text=text, defaults=said)[0]


@transaction.atomic
def code_note(*, note: TalkNote, code: str) -> None:
    """Put a note under one of its author's codes, or under none."""
    TalkNote.objects.filter(pk=note.pk).update(code=code)


@transaction.atomic
def remove_note(*, note: TalkNote) -> None:
    """Remove a note. Raises ValidationError `released` while its line is out: it is taken back from there alone."""
    if ReleasedLine.objects.filter(note=note.pk, is_kept=False, taken_back_at=None).exists():
        raise ValidationError(_("Take back first the line that you shared from this note."), code="released")
    note.delete()


@transaction.atomic
def release(
    *,
    note: TalkNote,
    question: str,
    text: str,
    language: str,
    translated: str,
    said_by: int = 0,
    has_speakers_yes: bool = False,
) -> ReleasedLine:
    """Let one line out, in words that name nobody: families' after 72 hours, one person's own at once.

    Raises ValidationError `no_consent`, `too_few` where fewer than three families said it, `more_than_came`, `no_yes`
    without the speaker's, `taken_back` where the line of this note was, `out` where it says something else, `kept`
    where families keep these words or can still keep them.
    """
    talk = note.talk
    if not talk.has_consent:
        raise ValidationError(_("Not everybody agreed to notes, so none are kept of this talk."), code="no_consent")
    if talk.is_with_families and said_by < THEME_AUTHORS:
        raise ValidationError(
            _("Fewer than three said it: it stays with you. Whoever said it can share their own words in the group."),
            code="too_few",
        )
    if talk.is_with_families and said_by > talk.came:
        raise ValidationError(_("You logged fewer people than that for this talk."), code="more_than_came")
    if not (talk.is_with_families or has_speakers_yes):
        raise ValidationError(_("Read it to whoever said it, and ask for a yes first."), code="no_yes")
    at = clock.now()
    words = {"question": question, "text": text, "language": language, "translated": translated}
    said = {
        **words,
        "series_id": talk.series_id,
        "talk": talk,
        "talk_kind": talk.kind,
        "code": note.code,
        "is_said_by_three": talk.is_with_families,
        "has_speakers_yes": not talk.is_with_families,
        "released_at": at,
        "out_at": at + THEME_VETO if talk.is_with_families else at,
    }
    with _refusing():
        line, _made = ReleasedLine.objects.get_or_create(note=note.pk, defaults=said)
    if line.taken_back_at:
        raise ValidationError(_("You took the line of this note back. It stays with you."), code="taken_back")
    if any(getattr(line, name) != value for name, value in words.items()):
        raise ValidationError(
            _("A line of this note is out already. To say it otherwise, write another note."), code="out"
        )
    return line


@transaction.atomic
def keep_line(*, line: ReleasedLine) -> None:
    """Keep what families said from the school; who asked is written nowhere. Raises ValidationError `over`."""
    if line.is_kept:
        return
    if not line.can_be_kept(at=clock.now()):
        raise ValidationError(_("The 72 hours are over: this line can no longer be kept here."), code="over")
    ReleasedLine.objects.filter(pk=line.pk).update(is_kept=True)


@transaction.atomic
def take_back(*, line: ReleasedLine) -> None:
    """Take a line back: its words go, and a finding that stands on it becomes a draft (0005_methods).

    Raises ValidationError `kept`: what families keep is compared with what goes out later.
    """
    line = ReleasedLine.objects.select_for_update().get(pk=line.pk)
    if line.is_kept:
        raise ValidationError(_("The families keep this line. It stays in the group."), code="kept")
    _take_back(ReleasedLine.objects.filter(pk=line.pk))


def _take_back(lines):
    """Take the words of some lines back."""
    gone = {"text": "", "translated": "", "code": "", "taken_back_at": clock.now()}
    lines.filter(taken_back_at=None).update(**gone)


@contextmanager
def _refusing():
    """Say in a sentence what the database refuses."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        code = error.__cause__.diag.constraint_name
        if code not in REFUSED:
            raise
        raise ValidationError(REFUSED[code], code=code) from error


# Findings


@transaction.atomic
def draft_finding(*, series: Series, question: str, claim_es: str, sources: Iterable[Source], **words: str) -> Finding:
    """Write a finding down, not published yet; the same again is the same finding.

    Raises ValidationError `twice` where the claim was written before, and anything beside it is other.
    """
    sources = set(sources)
    finding, is_new = Finding.objects.get_or_create(series=series, question=question, claim_es=claim_es, defaults=words)
    if is_new:
        _name(finding, sources)
    elif sources != set(finding.sources.values_list("kind", "of")) or any(
        getattr(finding, name) != value for name, value in words.items()
    ):
        raise ValidationError(TWICE, code="twice")
    return finding


@transaction.atomic
def change_finding(*, finding: Finding, sources: Iterable[Source], **words: str) -> None:
    """Write a draft otherwise. Raises ValidationError `published`, `twice` where the claim was written before."""
    finding = _draft(finding)
    others = Finding.objects.filter(
        series=finding.series_id, question=finding.question, claim_es=words["claim_es"]
    ).exclude(pk=finding.pk)
    if others.exists():
        raise ValidationError(TWICE, code="twice")
    Finding.objects.filter(pk=finding.pk).update(**words)
    finding.sources.all().delete()
    _name(finding, sources)


@transaction.atomic
def publish_finding(*, finding: Finding) -> None:
    """Publish a finding with the smallest number that its sources say; until it is taken back it does not change.

    Raises ValidationError `no_sources`, `no_limit`, `no_band` where a source is gone or none says how many,
    `own_words` where it repeats what a family shared, or `kept` what families keep.
    """
    finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if finding.is_published:
        return
    if not finding.sources.exists():
        raise ValidationError(_("Choose at least one thing that it stands on."), code="no_sources")
    if not (finding.limit_es and finding.limit_en):
        raise ValidationError(_("Write what it cannot say, in both languages."), code="no_limit")
    band = _band_of(finding)
    if not band:
        raise ValidationError(
            _(
                "Something that it stands on was taken back, or nothing of it says how many. Choose a result, a "
                "theme, or a line of the focus group."
            ),
            code="no_band",
        )
    with _refusing():
        Finding.objects.filter(pk=finding.pk).update(
            state=Finding.State.PUBLISHED, n_band=band, published_at=clock.now(), taken_back_at=None
        )


@transaction.atomic
def take_back_finding(*, finding: Finding) -> None:
    """Take a published finding back: it is a draft again, and a report that holds it goes too (0005_methods)."""
    gone = {"state": Finding.State.DRAFT, "n_band": "", "published_at": None, "taken_back_at": clock.now()}
    Finding.objects.filter(pk=finding.pk, state=Finding.State.PUBLISHED).update(**gone)


@transaction.atomic
def remove_finding(*, finding: Finding) -> None:
    """Remove a draft. Raises ValidationError `published`."""
    _draft(finding).delete()


def _draft(finding):
    """Lock a finding that is still a draft."""
    finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if finding.is_published:
        raise ValidationError(
            _("A published finding stays as it is. Take it back first, or write a new one."), code="published"
        )
    return finding


def _name(finding, sources):
    """Write down what a finding stands on."""
    FindingSource.objects.bulk_create(FindingSource(finding=finding, kind=kind, of=of) for kind, of in sources)


def _band_of(finding):
    """Ask the database, which compares with the same answer as the finding is published (0005_methods)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT insights_band_of(%s)", [finding.pk])
        return cursor.fetchone()[0]

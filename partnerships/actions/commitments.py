"""What becomes of a request: asked, answered by the school, seen or not by families; and what is found for a need."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import School
from notifications import clock, outbox
from partnerships.actions.themes import runs
from partnerships.days import today_at
from partnerships.models import Commitment, CommitmentStep, Group, Resource, SharedTheme

State, Step = Commitment.State, CommitmentStep.Step


@transaction.atomic
def ask(*, school: School, group: Group | None, text: str, language: str, translated: str, **origin) -> Commitment:
    """Ask the school for something, for a group or for all its families; nobody is named.

    `origin` is where it comes from: `idea=`, `quote=` (shared words), `theme=` (a sent one) or `decision=`. One of
    these is asked for once; of a decision several things may follow, each asked for once. Raises ValidationError
    `own_words` where it repeats the shared words: they would outlive their writer's taking them back.
    """
    [(name, source)] = origin.items()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(source.pk)])
    asked = Commitment.objects.filter(**origin)
    same = (asked.filter(text=text) if name == "decision" else asked).first()
    if same:
        return same
    if name == "quote" and repeats(source.words, text, translated):
        raise ValidationError(
            _("This repeats the shared words. Say in yours what families ask for: the words stand beside it."),
            code="own_words",
        )
    at = clock.now()
    commitment = Commitment(
        school=school,
        group=group,
        group_name=group.name if group else "",
        text=text,
        language=language,
        translated=translated,
        asked_at=at,
        **origin,
    )
    commitment.save(force_insert=True)
    write(commitment, Step.ASKED, at=at)
    return commitment


def repeats(words: str, *texts: str) -> bool:
    """Say whether a text holds somebody's words, all of them or a run that is hers."""
    return any(words.casefold() in text.casefold() or runs(words) & runs(text) for text in texts)


@transaction.atomic
def answer(
    *,
    commitment: Commitment,
    state: str,
    text: str,
    language: str,
    translated: str,
    seen: str,
    owner: str = "",
    due_on: date | None = None,
) -> Commitment:
    """Say for the school that a request is under way, done or declined, or how it goes on; families are told.

    `seen` is how many lines its history had when the answer was written, as the form sent it back. Raises
    ValidationError `changed` where it has more by now, `done` for what families are to look at, `who_and_when` without
    a person and a day for what is under way, `past` for a day that is over, `why` without words.
    """
    commitment = locked(commitment)
    said = {"text": text, "language": language, "translated": translated}
    if str(commitment.steps.count()) != seen:
        raise ValidationError(
            _("Something was said about this since you opened the page. Read it, then send your answer if it holds."),
            code="changed",
        )
    if commitment.state == State.DONE:
        raise ValidationError(_("This is done. Families say whether they see it."), code="done")
    if not text:
        raise ValidationError(_("Say what the school does, or why not"), code="why")
    if state == State.UNDER_WAY:
        refuse_unless_promised(commitment, owner, due_on)
        said |= {"owner": owner, "due_on": due_on}
    is_news = state != commitment.state
    at = clock.now()
    commitment.state, commitment.answered_at = state, commitment.answered_at or at
    commitment.owner, commitment.due_on = owner or commitment.owner, due_on or commitment.due_on
    commitment.save(update_fields=["state", "answered_at", "owner", "due_on"])
    write(commitment, state, at=at, **said)
    if is_news:
        outbox.post(kind="school_answered", about=commitment.pk, occurrence=f"{state}-{seen}")
    return commitment


def refuse_unless_promised(commitment, owner, due_on):
    """Refuse a promise that says neither who nor when, or a day that is over."""
    if not owner or due_on is None:
        raise ValidationError(_("Say who sees to it, and by when"), code="who_and_when")
    if due_on < today_at(commitment.school):
        raise ValidationError(_("Choose a day that is still to come"), code="past")


@transaction.atomic
def confirm(*, commitment: Commitment) -> None:
    """Let families say that they see what the school says is done; who said it is written nowhere."""
    commitment = locked(commitment)
    if commitment.state == State.DONE and commitment.confirmed_at is None:
        commitment.confirmed_at = clock.now()
        commitment.save(update_fields=["confirmed_at"])
        write(commitment, Step.CONFIRMED, at=commitment.confirmed_at)


@transaction.atomic
def see_not_yet(*, commitment: Commitment) -> None:
    """Let families say that they do not see it: it is under way again; who said it is written nowhere."""
    commitment = locked(commitment)
    if commitment.state == State.DONE:
        commitment.state, commitment.confirmed_at = State.UNDER_WAY, None
        commitment.save(update_fields=["state", "confirmed_at"])
        write(commitment, Step.NOT_YET, at=clock.now())


def locked(commitment: Commitment) -> Commitment:
    """Lock a request, so that those who move it wait for one another."""
    return Commitment.objects.select_for_update(of=["self"]).select_related("school").get(pk=commitment.pk)


def write(commitment: Commitment, step: str, *, at, **said) -> None:
    """Write one line of the history."""
    CommitmentStep(commitment=commitment, step=step, at=at, **said).save(force_insert=True)


@transaction.atomic
def find(
    *, need: SharedTheme, text: str, language: str, translated: str, found_on: date, met_on: date | None = None
) -> Resource:
    """Keep what leaders found for a need; the same words again are the same."""
    said = {"language": language, "translated": translated, "found_on": found_on, "met_on": met_on}
    resource, _is_new = Resource.objects.get_or_create(need=need, text=text, defaults=said)
    return resource


@transaction.atomic
def meet(*, resource: Resource, on: date) -> None:
    """Say since when what was found meets the need; raises ValidationError `before`, `future`."""
    resource = Resource.objects.select_for_update(of=["self"]).select_related("need__school").get(pk=resource.pk)
    if on < resource.found_on:
        raise ValidationError(_("It was found later than that"), code="before")
    if on > today_at(resource.need.school):
        raise ValidationError(_("That day is still to come"), code="future")
    resource.met_on = on
    resource.save(update_fields=["met_on"])

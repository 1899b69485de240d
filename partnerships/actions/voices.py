"""Writing to each other: posts, answers, reactions, translations; taking words back, and hiding them with a reason."""

from datetime import timedelta

from django.db import connection, transaction

from accounts.models import Person
from notifications import clock
from partnerships.actions.quotes import withdraw_all
from partnerships.languages import other
from partnerships.models import Authorship, CaregiverSpace, Group, Post, Reaction, Reply, Translation

# The same words from the same person within this time are the same tap.
SAME_TAP = timedelta(minutes=10)


@transaction.atomic
def write_post(
    *, space: CaregiverSpace, group: Group | None, text: str, language: str, is_nameless: bool, by: Person
) -> Post:
    """Write to a group, or to the whole space; without her name no page can tell whose words these are."""
    post = Post(space=space, group=group, **_words(text, language, is_nameless, by))
    return _written(post, Post.objects.filter(space=space, group=group), by)


@transaction.atomic
def write_reply(*, post: Post, text: str, language: str, is_nameless: bool, by: Person) -> Reply:
    """Answer a post, with or without one's name."""
    reply = Reply(post=post, **_words(text, language, is_nameless, by))
    return _written(reply, Reply.objects.filter(post=post), by)


@transaction.atomic
def take_back(*, words: Post | Reply) -> None:
    """Take the acting person's own words back: text, translations, name and what was shared of them go.

    The place in the thread stays.
    """
    words.translations.update(text="")
    words.text, words.signed_by, words.deleted_at = "", None, clock.now()
    words.save(update_fields=["text", "signed_by", "deleted_at"])
    if isinstance(words, Post):
        # Last, with the post locked: a question asked a moment ago is seen.
        withdraw_all(post=words)


@transaction.atomic
def hide(*, words: Post | Reply, reason: str, by: Person) -> None:
    """Let whoever facilitates hide a text from the group, with a reason that stands in its place."""
    words.hidden_at, words.hidden_by, words.hidden_reason = clock.now(), by, reason
    words.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])


@transaction.atomic
def show_again(*, words: Post | Reply) -> None:
    """Give a hidden text back to the group."""
    words.hidden_at, words.hidden_by, words.hidden_reason = None, None, ""
    words.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])


@transaction.atomic
def react(*, post: Post, kind: str, by: Person) -> None:
    """Say of a post that it helped, or that it is so for her too."""
    Reaction.objects.bulk_create([Reaction(post=post, kind=kind, person=by)], ignore_conflicts=True)


@transaction.atomic
def react_no_more(*, post: Post, kind: str, by: Person) -> None:
    """Take a reaction back."""
    Reaction.objects.filter(post=post, kind=kind, person=by).delete()


@transaction.atomic
def translate(*, words: Post | Reply, text: str, by: Person, is_led: bool) -> None:
    """Keep somebody's translation of a text, one a person; it waits for review unless a reviewer's own.

    Reviewers are whoever facilitates (`is_led`) and whoever signed the text. A translation by whoever wrote it without
    her name waits as everybody else's does, or it would say who she is.
    """
    at = clock.now()
    is_reviewed = is_led or words.signed_by_id == by.pk
    Translation.objects.bulk_create(
        [
            Translation(
                **{words._meta.model_name: words},
                language=other(words.language),
                text=text,
                by=by,
                at=at,
                reviewed_at=at if is_reviewed else None,
            )
        ],
        update_conflicts=True,
        unique_fields=["post", "reply", "agreement", "language", "by"],
        update_fields=["text", "at", "reviewed_at"],
    )


@transaction.atomic
def accept_translation(*, translation: Translation) -> None:
    """Let a reviewer say that a translation says the same; it stands beside the text from then on."""
    Translation.objects.filter(pk=translation.pk, reviewed_at=None).update(reviewed_at=clock.now())


def _words(text, language, is_nameless, by):
    """Return the columns that every text has."""
    return {"text": text, "language": language, "signed_by": None if is_nameless else by, "at": clock.now()}


def _written(words, there, by):
    """Save a text and whose it is, unless the same tap came a moment ago; her taps wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(by.pk)])
    same = there.filter(authorship__person=by, text=words.text, deleted_at=None, at__gt=words.at - SAME_TAP).first()
    if same:
        return same
    words.save(force_insert=True)
    Authorship(**{words._meta.model_name: words}, person=by).save(force_insert=True)
    return words

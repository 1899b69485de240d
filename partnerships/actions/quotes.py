"""Sharing exact words: asked for by whoever facilitates, allowed, refused and taken back by whoever wrote them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from notifications import clock
from partnerships.models import Post, Quote, SharedQuote, Translation

# A copy whose words are taken back: they go at once, the mark stays in their place.
GONE = {"words": "", "translated": "", "signature": ""}


@transaction.atomic
def ask(*, post: Post, words: str, by: Person) -> Quote:
    """Ask whoever wrote a post to share exactly these words of it.

    Raises ValidationError `gone` where the post cannot be read any more, `not_exact`, `waiting` where another
    question about the same post has no answer yet, `answered` where these words were asked for before.
    """
    post = Post.objects.select_for_update().get(pk=post.pk)
    if not post.is_readable:
        raise ValidationError(_("These words are not there any more."), code="gone")
    if words not in post.text:
        raise ValidationError(_("Ask for words exactly as they stand in the text."), code="not_exact")
    for earlier in Quote.objects.filter(post=post, withdrawn_at=None):
        if earlier.answered_at is None and earlier.words == words:
            return earlier
        if earlier.answered_at is None:
            raise ValidationError(_("Whoever wrote this has a question from you to answer first."), code="waiting")
        if earlier.words == words:
            raise ValidationError(_("You asked for these words before, and have your answer."), code="answered")
    return Quote.objects.create(post=post, words=words, asked_by=by, asked_at=clock.now())


@transaction.atomic
def allow(
    *, quote: Quote, for_leaders: bool, for_public: bool, signature: str, translation: Translation | None = None
) -> None:
    """Share these exact words with whom their writer says, signed as she says; a copy of them leaves the group.

    Raises ValidationError `nobody` without an audience, `gone` while the post is hidden, `withdrawn` once she took
    them back: then she has to be asked anew.
    """
    if not (for_leaders or for_public):
        raise ValidationError(_("Choose at least one, or say no"), code="nobody")
    post, quote = _locked(quote)
    if quote.is_shared:
        return
    if quote.withdrawn_at:
        raise ValidationError(_("You took these words back. They stay with you."), code="withdrawn")
    if not post.is_readable:
        raise ValidationError(_("The group cannot read these words now, so nobody else will either."), code="gone")
    at = clock.now()
    said = {"for_leaders": for_leaders, "for_public": for_public, "signature": signature}
    Quote.objects.filter(pk=quote.pk).update(answered_at=at, **said)
    SharedQuote(
        quote=quote,
        school=post.space.school,
        words=quote.words,
        language=post.language,
        translated=translation.text if translation else "",
        shared_at=at,
        **said,
    ).save(force_insert=True)


@transaction.atomic
def refuse(*, quote: Quote) -> None:
    """Keep these words in the group."""
    Quote.objects.filter(pk=quote.pk, answered_at=None).update(answered_at=clock.now())


@transaction.atomic
def withdraw(*, quote: Quote) -> None:
    """Take shared words back: they vanish wherever they were shown, and a mark stays in their place."""
    _post, quote = _locked(quote)
    if quote.is_shared:
        _take_back(Quote.objects.filter(pk=quote.pk))


@transaction.atomic
def withdraw_all(*, post: Post) -> None:
    """Take back every word of a post whose writer deletes it: shared, asked for or kept."""
    _take_back(Quote.objects.filter(post=post))


def _take_back(quotes):
    """Empty these quotes and their copies; in this order, since no copy may say more than its quote."""
    at = clock.now()
    SharedQuote.objects.filter(quote__in=quotes, withdrawn_at=None).update(**GONE, withdrawn_at=at)
    quotes.filter(withdrawn_at=None).update(withdrawn_at=at, words="")


def _locked(quote):
    """Lock the post and then the quote, so that deleting, hiding and answering wait for one another."""
    post = Post.objects.select_for_update(of=["self"]).select_related("space__school").get(pk=quote.post_id)
    return post, Quote.objects.select_for_update().get(pk=quote.pk)

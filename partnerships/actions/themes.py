"""What becomes of a theme: shown to its group, kept there by any member, or sent to the school after its time."""

import re
from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from notifications import clock
from partnerships.models import Consultation, Group, Post, SharedTheme, Theme, ThemeSource
from surveys.disclosure import THEME_AUTHORS, THEME_VETO
from surveys.models import Comment

# So many words in a row are somebody's own: they leave as a quote, with her yes, or not at all.
OWN_WORDS = 6
TOO_FEW = _(
    "Choose texts of at least three people: three names among what was written in the group, or three comments of "
    "the same session."
)


@transaction.atomic
def show(
    *,
    group: Group,
    text: str,
    language: str,
    translated: str,
    posts: Iterable[Post] = (),
    comments: Iterable[Comment] = (),
    consultation: Consultation | None = None,
) -> Theme:
    """Show a theme to the group, which has 72 hours to keep it; the same words again are the same theme.

    It is about a board's question where the comments answer one.

    Raises ValidationError `too_few` unless at least three people said it, `own_words` where it repeats one of them.
    """
    posts, comments = list(posts), list(comments)
    if not say_enough(posts, comments):
        raise ValidationError(TOO_FEW, code="too_few")
    if any(runs(text) & runs(each.text) or runs(translated) & runs(each.text) for each in (*posts, *comments)):
        raise ValidationError(
            _("This repeats somebody's own words. Say it in yours, or ask to share the words."), code="own_words"
        )
    at = clock.now()
    said = {"language": language, "translated": translated, "shown_at": at, "shown_until": at + THEME_VETO}
    said["consultation"] = consultation
    theme, is_new = Theme.objects.get_or_create(group=group, text=text, defaults=said)
    if not is_new:
        return theme
    ThemeSource.objects.bulk_create(
        [
            *(ThemeSource(theme=theme, post=post) for post in posts),
            *(ThemeSource(theme=theme, comment=comment) for comment in comments),
        ]
    )
    return theme


@transaction.atomic
def keep(*, theme: Theme) -> None:
    """Keep a theme in the group, for good; who asked for it is written nowhere. Raises ValidationError `over`."""
    theme = Theme.objects.select_for_update().get(pk=theme.pk)
    if theme.is_kept:
        return
    if not theme.can_be_kept(at=clock.now()):
        raise ValidationError(_("The 72 hours are over: this theme can no longer be kept here."), code="over")
    Theme.objects.filter(pk=theme.pk).update(is_kept=True)


@transaction.atomic
def send(*, theme: Theme, is_need: bool = False) -> None:
    """Send a theme to the school, as the group read it, perhaps as something that families need.

    Raises ValidationError `kept`, `early` before the 72 hours are over, `too_few` where texts were taken back.
    """
    theme = Theme.objects.select_for_update(of=["self"]).select_related("group__space__school").get(pk=theme.pk)
    if theme.sent_at:
        return
    if theme.is_kept:
        raise ValidationError(_("Somebody asked to keep this theme in the group. It stays here."), code="kept")
    at = clock.now()
    if not theme.can_be_sent(at=at):
        raise ValidationError(_("The group has 72 hours to read it first."), code="early")
    sources = theme.sources.select_related("post", "comment")
    posts = [source.post for source in sources if source.post]
    if not say_enough(posts, [source.comment for source in sources if source.comment]):
        raise ValidationError(
            _("What it came from was taken back: fewer than three people say it now."), code="too_few"
        )
    Theme.objects.filter(pk=theme.pk).update(sent_at=at)
    SharedTheme(
        theme=theme,
        school=theme.group.space.school,
        group_name=theme.group.name,
        is_need=is_need,
        consultation=theme.consultation,
        text=theme.text,
        language=theme.language,
        translated=theme.translated,
        sent_at=at,
    ).save(force_insert=True)


def say_enough(posts: list[Post], comments: list[Comment]) -> bool:
    """Say whether at least three people are known to have written these.

    A form takes one comment from each person. A post without a name counts for nobody: whether it makes a third
    author would tell, asked often enough, whose it is.
    """
    names = {post.signed_by_id for post in posts if post.is_readable} - {None}
    of_one_form = max(Counter(comment.form_id for comment in comments).values(), default=0)
    return len(names) >= THEME_AUTHORS or of_one_form >= THEME_AUTHORS


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of so many words as to be somebody's own."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + OWN_WORDS]) for start in range(len(words) - OWN_WORDS + 1)}

"""What becomes of an idea: written down, supported, seen to by somebody, merged, turned into a request."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from notifications import clock
from partnerships.actions.commitments import ask
from partnerships.models import CaregiverSpace, Commitment, Group, Idea, IdeaSupport, Post


@transaction.atomic
def write_idea(
    *, space: CaregiverSpace, group: Group | None, text: str, language: str, post: Post | None = None
) -> Idea:
    """Keep an idea, perhaps one that was marked in a post; nobody is named. The same words again are the same idea."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(group.pk if group else space.pk)])
    same = Idea.objects.filter(space=space, group=group, text=text).first()
    return same or Idea.objects.create(
        space=space, group=group, post=post, text=text, language=language, at=clock.now()
    )


@transaction.atomic
def support(*, idea: Idea, by: Person) -> None:
    """Let a member stand behind an idea."""
    IdeaSupport.objects.bulk_create([IdeaSupport(idea=idea, person=by)], ignore_conflicts=True)


@transaction.atomic
def support_no_more(*, idea: Idea, by: Person) -> None:
    """Take a member's support back, wherever she gave it among the ideas that were merged."""
    IdeaSupport.objects.filter(Q(idea=idea) | Q(idea__merged_into=idea), person=by).delete()


@transaction.atomic
def see_to(*, idea: Idea, by: Person) -> None:
    """Let a member offer to see to an idea; raises ValidationError `somebody_does` where somebody else does."""
    if not Idea.objects.filter(Q(owner=None) | Q(owner=by), pk=idea.pk).update(owner=by):
        raise ValidationError(_("Somebody else offered to see to it a moment ago."), code="somebody_does")


@transaction.atomic
def see_to_no_more(*, idea: Idea, by: Person) -> None:
    """Give an idea back to whoever wants to see to it."""
    Idea.objects.filter(pk=idea.pk, owner=by).update(owner=None)


@transaction.atomic
def merge(*, idea: Idea, into: Idea) -> None:
    """Let an idea go on as part of another one; those behind either stand behind both, each counted once.

    Raises ValidationError `requested` for an idea that is a request already, `merged` where one of the two is no
    longer there by itself.
    """
    # Locked in one order, so that two who merge the same two ideas both ways make no ring.
    locked = {row.pk: row for row in Idea.objects.select_for_update().filter(pk__in=[idea.pk, into.pk]).order_by("pk")}
    idea, into = locked[idea.pk], locked[into.pk]
    if idea.merged_into_id == into.pk:
        return
    if idea.merged_into_id or into.merged_into_id:
        raise ValidationError(_("One of these ideas was joined to another one a moment ago."), code="merged")
    if idea.requested_at:
        raise ValidationError(_("This idea is a request to the school already."), code="requested")
    Idea.objects.filter(Q(pk=idea.pk) | Q(merged_into=idea)).update(merged_into=into)


@transaction.atomic
def turn_into_request(*, idea: Idea, text: str, language: str, translated: str) -> Commitment:
    """Let whoever facilitates ask the school for an idea, in these words; raises ValidationError `merged`."""
    idea = Idea.objects.select_for_update(of=["self"]).select_related("space__school", "group").get(pk=idea.pk)
    if idea.merged_into_id:
        raise ValidationError(_("One of these ideas was joined to another one a moment ago."), code="merged")
    if idea.requested_at is None:
        idea.requested_at = clock.now()
        idea.save(update_fields=["requested_at"])
    said = {"text": text, "language": language, "translated": translated}
    return ask(school=idea.space.school, group=idea.group, idea=idea, **said)

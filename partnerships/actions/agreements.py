"""Agreeing on how the group talks: writing it down, saying yes, reading it again, publishing a copy."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from notifications import clock
from partnerships.access.agreements import current, reviewed_translation
from partnerships.days import today_at
from partnerships.languages import other
from partnerships.models import Agreement, AgreementVoice, Group, Reaffirmation, SharedAgreement, Translation


@transaction.atomic
def draft(*, group: Group, text: str, language: str) -> Agreement:
    """Keep the words of the next version, on which the group has not agreed yet.

    Raises ValidationError `agreed_meanwhile` where somebody else pressed the button a moment ago.
    """
    last = Agreement.objects.filter(group=group).order_by("-version").first()
    # Two who begin at the same moment write one draft.
    Agreement.objects.bulk_create(
        [
            Agreement(
                group=group,
                version=last.version + 1 if last else 1,
                text=text,
                language=language,
                drafted_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
    drafts = Agreement.objects.filter(group=group, agreed_at=None)
    if not drafts.update(text=text, language=language):
        raise ValidationError(
            _("The group agreed on its words a moment ago. Read them before you change anything."),
            code="agreed_meanwhile",
        )
    return drafts.get()


@transaction.atomic
def agree_together(*, group: Group, text: str, language: str) -> Agreement:
    """Write down that the group agreed on exactly these words; they never change, a change makes the next version."""
    agreed = current(group)
    if agreed and (agreed.text, agreed.language) == (text, language):
        return agreed
    agreed = draft(group=group, text=text, language=language)
    agreed.agreed_at = clock.now()
    agreed.save(update_fields=["agreed_at"])
    return agreed


@transaction.atomic
def say_yes(*, agreement: Agreement, by: Person) -> None:
    """Let a member say that she agrees too; raises ValidationError `not_agreed` for a draft."""
    refuse_draft(agreement)
    AgreementVoice.objects.bulk_create(
        [AgreementVoice(agreement=agreement, person=by, at=clock.now())], ignore_conflicts=True
    )


@transaction.atomic
def reaffirm(*, agreement: Agreement) -> None:
    """Write down that the group read its agreements again today, by the school's day."""
    refuse_draft(agreement)
    today = today_at(agreement.group.space.school)
    Reaffirmation.objects.bulk_create([Reaffirmation(agreement=agreement, on=today)], ignore_conflicts=True)


@transaction.atomic
def translate(*, agreement: Agreement, text: str, by: Person, is_led: bool) -> None:
    """Keep somebody's translation of what was agreed; it waits for review unless she facilitates (`is_led`)."""
    refuse_draft(agreement)
    at = clock.now()
    Translation.objects.bulk_create(
        [
            Translation(
                agreement=agreement,
                language=other(agreement.language),
                text=text,
                by=by,
                at=at,
                reviewed_at=at if is_led else None,
            )
        ],
        update_conflicts=True,
        unique_fields=["post", "reply", "agreement", "language", "by"],
        update_fields=["text", "at", "reviewed_at"],
    )


@transaction.atomic
def accept_translation(*, translation: Translation) -> None:
    """Let whoever facilitates say that a translation says the same; it stands beside the words from then on."""
    Translation.objects.filter(pk=translation.pk, reviewed_at=None).update(reviewed_at=clock.now())


@transaction.atomic
def publish(*, agreement: Agreement) -> None:
    """Give the school a copy of what the group agreed, with the reviewed translation; it replaces an earlier copy."""
    refuse_draft(agreement)
    translation, group = reviewed_translation(agreement), agreement.group
    SharedAgreement.objects.bulk_create(
        [
            SharedAgreement(
                group=group,
                school=group.space.school,
                group_name=group.name,
                text=agreement.text,
                language=agreement.language,
                translated=translation.text if translation else "",
                published_at=clock.now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["group"],
        update_fields=["group_name", "text", "language", "translated", "published_at"],
    )


@transaction.atomic
def withdraw(*, group: Group) -> None:
    """Take the group's copy back from the school."""
    SharedAgreement.objects.filter(group=group).delete()


def refuse_draft(agreement: Agreement) -> None:
    """Refuse what only a version on which the group agreed can bear."""
    if agreement.agreed_at is None:
        raise ValidationError(_("The group has not agreed on these words yet."), code="not_agreed")

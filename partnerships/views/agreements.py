"""What a group agreed about how it talks, and the copy that the school may read."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import agreements as access
from partnerships.actions import agreements as actions
from partnerships.forms.agreements import AgreementForm, AgreementTranslationForm, suggested
from partnerships.views.frame import in_led_room, in_room, show, way_back

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@in_room
def room_agreements(request, room):
    """Show what the group agreed, how many said yes, and on which days it was read again."""
    found = access.versions(room)
    current = found.current
    context = {"versions": found, "copy": access.published_copy(room), "back_url": room.url("posts")}
    if current:
        translations = list(access.translations(room, current))
        context |= {
            "reaffirmed": access.reaffirmed(current),
            "translation": next((each for each in translations if each.reviewed_at), None),
            "waiting": [each for each in translations if each.reviewed_at is None],
        }
    return show(request, room, "agreement_page", **context)


@PAGE
@in_led_room
def agreement_write(request, room):
    """Write the next version's draft; or keep it as what the group agreed, exactly as it stands on the screen."""
    found = access.versions(room)
    begun = found.draft or found.current
    initial = {"text": begun.text, "language": begun.language} if begun else {"text": suggested()}
    form = AgreementForm(request.POST or None, initial=initial)
    if form.is_valid():
        keep = actions.agree_together if "agreed" in request.POST else actions.draft
        try:
            keep(group=room.group, **form.cleaned_data)
            return redirect(room.url("agreements"))
        except ValidationError as refusal:
            form.add_error("text", refusal)
    return show(request, room, "agreement_write", form=form, is_first=begun is None, back_url=room.url("agreements"))


@require_POST
@in_room
def agreement_yes(request, room, agreement):
    """Say that one agrees too; back to the page on which the button was."""
    actions.say_yes(agreement=access.current_or_404(room, agreement), by=room.person)
    return redirect(room.url("posts" if request.POST.get("from") == "group" else "agreements"))


@require_POST
@in_led_room
def agreement_again(request, room, agreement):
    """Write down that the group read its agreements again today."""
    actions.reaffirm(agreement=access.current_or_404(room, agreement))
    return redirect(room.url("agreements"))


@PAGE
@in_room
def agreement_translate(request, room, agreement):
    """Say what was agreed in the other language."""
    agreement = access.current_or_404(room, agreement)
    own = next((each for each in access.translations(room, agreement) if each.by_id == room.person.pk), None)
    form = AgreementTranslationForm(request.POST or None, initial={"text": own.text if own else ""})
    if form.is_valid():
        actions.translate(agreement=agreement, by=room.person, is_led=room.is_led, **form.cleaned_data)
        return redirect(room.url("agreements"))
    return show(request, room, "agreement_translate", form=form, agreement=agreement, back_url=room.url("agreements"))


@require_POST
@in_led_room
def agreement_translation_accept(request, room, agreement, translation):
    """Let a translation stand beside the words; one that was changed since it was read has to be read again."""
    found = access.translation_or_404(room, access.current_or_404(room, agreement), translation)
    if found.at.isoformat() == request.POST.get("seen"):
        actions.accept_translation(translation=found)
    return redirect(room.url("agreements"))


@PAGE
@in_led_room
def agreement_copy(request, room, agreement):
    """Show exactly what would leave the group; publish it to the school, or take it back."""
    agreement = access.current_or_404(room, agreement)
    if request.method == "POST":
        if "withdraw" in request.POST:
            actions.withdraw(group=room.group)
        else:
            actions.publish(agreement=agreement)
        return redirect(room.url("agreements"))
    return show(
        request,
        room,
        "agreement_copy",
        agreement=agreement,
        translation=access.reviewed_translation(agreement),
        copy=access.published_copy(room),
        back_url=room.url("agreements"),
    )


@require_safe
def shared_agreements(request, school):
    """Show to the school's people the copies that groups published, and nothing else of them."""
    school, copies = access.copies(request, school)
    context = {"school": school, "copies": copies, "back_url": way_back(request, school)}
    return render(request, "partnerships/shared_agreements.html", context)

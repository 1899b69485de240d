"""Writing an instrument: its words and questions in both languages, a look as families will have it, publishing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.places import home_of
from notifications import clock
from notifications.wording import day
from surveys import access, authoring, checking, questionnaire, wording, xlsform
from surveys.forms.answers import AnswerForm
from surveys.forms.instruments import CONSTRUCTS, KINDS, PLACES, FileForm, ItemForm, TitleForm, WordsForm
from surveys.models import Item

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAYS = {"up": -1, "down": 1}


@require_safe
def instruments(request):
    """List what families can be asked with: ours, and the district's own."""
    context = {"instruments": access.instrument_list(request.held), "back_url": home_of({request.audience})}
    return render(request, "surveys/instrument_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Begin an instrument with its title."""
    form = TitleForm(request.POST or None, districts=access.author_districts(request.held))
    if request.method == "POST" and form.is_valid():
        district = access.author_district(request.held, form.cleaned_data.get("district"))
        draft = authoring.begin(title=form.said("title"), district=district)
        return redirect("instrument_page", draft.pk)
    context = {"form": form, "back_url": reverse("instruments")}
    return render(request, "surveys/instrument_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request):
    """Take a questionnaire from a spreadsheet, whole or not at all."""
    form = FileForm(request.POST or None, request.FILES or None, districts=access.author_districts(request.held))
    faults = []
    if request.method == "POST" and form.is_valid():
        try:
            written = xlsform.read(form.cleaned_data["file"].read())
            district = access.author_district(request.held, form.cleaned_data.get("district"))
            return redirect("instrument_page", authoring.bring(written=written, district=district).pk)
        except xlsform.Refused as refused:
            faults = refused.faults
            form.add_error("file", _("Nothing was brought in. Change what is listed below and send the file again."))
        except ValidationError as refused:
            form.add_error("file", refused)
    context = {"form": form, "faults": faults, "back_url": reverse("instruments")}
    return render(request, "surveys/instrument_bring.html", context)


@require_safe
def instrument_page(request, instrument):
    """Show an instrument: a draft with all that can be done to it, a published one as it stays."""
    found = access.instrument(request.held, instrument)
    items = list(found.items.all())
    context = {
        "instrument": found,
        "rows": [described(item, place, len(items)) for place, item in enumerate(items, start=1)],
        "back_url": reverse("instruments"),
        "may_copy": access.author_districts(request.held).exists(),
    }
    return render(request, "surveys/instrument_page.html", context)


# In place of the evening that is asked about.
DAY = {"es": "[día]", "en": "[day]"}


def described(item, place, total):
    """Return a question as its line in the list says it; a draft may lack one of its languages."""
    texts = {code: (getattr(item, f"text_{code}") or "").replace("%(weekday)s", said) for code, said in DAY.items()}
    return {
        "item": item,
        "texts": texts,
        "text": texts[get_language()[:2]] or item.text,
        "kind": KINDS[Item.Kind(item.kind)],
        "measures": CONSTRUCTS[item.construct] if item.construct else "",
        "place": PLACES[item.place] if item.place else "",
        "is_first": place == 1,
        "is_last": place == total,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def words(request, instrument):
    """Change what stands around the questions of a draft."""
    draft = access.draft(request.held, instrument)
    form = WordsForm(request.POST or None, draft=draft)
    if request.method == "POST" and form.is_valid():
        authoring.change_words(draft=draft, words=form.written)
        return redirect("instrument_page", draft.pk)
    context = {"form": form, "instrument": draft, "back_url": reverse("instrument_page", args=[draft.pk])}
    return render(request, "surveys/instrument_words.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request, instrument):
    """Write a further question."""
    return item_page(request, access.draft(request.held, instrument), None)


@require_http_methods(["GET", "HEAD", "POST"])
def item_change(request, instrument, item):
    """Change a question."""
    return item_page(request, *access.draft_item(request.held, instrument, item))


def item_page(request, draft, item):
    """Draw a question's form, or keep what it says."""
    form = ItemForm(request.POST or None, draft=draft, item=item)
    if request.method == "POST" and form.is_valid():
        try:
            authoring.put_item(draft=draft, item=item, written=form.written)
            return redirect("instrument_page", draft.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {"form": form, "item": item, "back_url": reverse("instrument_page", args=[draft.pk])}
    return render(request, "surveys/instrument_item.html", context)


@require_POST
def item_move(request, instrument, item):
    """Let a question change places with its neighbour."""
    draft, found = access.draft_item(request.held, instrument, item)
    authoring.move_item(item=found, by=WAYS.get(request.POST.get("way"), 0))
    return redirect("instrument_page", draft.pk)


@require_POST
def item_delete(request, instrument, item):
    """Take a question out."""
    draft, found = access.draft_item(request.held, instrument, item)
    try:
        authoring.delete_item(item=found)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("instrument_page", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request, instrument):
    """Say what a draft lacks and what of it will be released; publish it."""
    draft = access.draft(request.held, instrument)
    missing = checking.missing(draft)
    if request.method == "POST" and not missing:
        authoring.publish(draft=draft)
        messages.success(request, _("Version %(number)s is published.") % {"number": draft.version})
        return redirect("instrument_page", draft.pk)
    context = {
        "instrument": draft,
        "missing": missing,
        "released": [item for item in draft.items.all() if any(option.favourable for option in item.options.all())],
        "example": wording.NAMED_BAND_WORDS["more_than_half"],
        "back_url": reverse("instrument_page", args=[draft.pk]),
    }
    return render(request, "surveys/instrument_check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, instrument):
    """Show an instrument on the very page that families will have; what is sent is kept nowhere."""
    found = access.instrument(request.held, instrument)
    asked, today = questionnaire.drawn(found, get_language()), clock.now()
    form = AnswerForm(asked, dateformat.format(today, "l"), request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _("That was the whole form. Nothing of what you answered was kept."))
        return redirect("instrument_page", found.pk)
    context = {
        "questionnaire": asked,
        "form": form,
        "form_id": found.pk,
        "action_url": request.path,
        "evening": day(today, get_language()),
        # So that this browser keeps nothing of it either.
        "is_shared": True,
        "is_one_of_several": False,
        "back_url": reverse("instrument_page", args=[found.pk]),
    }
    return render(request, "surveys/form_answer.html", context)


@require_safe
def export(request, instrument):
    """Give an instrument as XLSForm."""
    found = access.instrument(request.held, instrument)
    written = questionnaire.as_written(found)
    name = f"{found.slug}-{found.version}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(xlsform.write(written, version=found.version), content_type=XLSX, headers=headers)


@require_POST
def again(request, instrument):
    """Begin the next version, or a district's own of one that is ours."""
    found = access.instrument(request.held, instrument)
    district = access.author_district(request.held, found.district_id)
    return redirect("instrument_page", authoring.begin_next(instrument=found, district=district).pk)


@require_POST
def delete(request, instrument):
    """Throw a draft away."""
    authoring.delete_draft(draft=access.draft(request.held, instrument))
    return redirect("instruments")

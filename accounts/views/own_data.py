"""What anybody may ask about herself: a copy of what is hers, and to be erased. The worker does both."""

from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access, actions, roles
from accounts.routes import WITHOUT_SECOND_FACTOR


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request):
    """Say what a copy holds, take the wish for one, and show it once it is made; reloading the page looks again."""
    _refuse_unless_hers(request)
    if request.method == "POST":
        actions.ask_for_copy(person=request.person)
        return redirect("me_data")
    return render(
        request, "accounts/data_page.html", {**_around(request, "me"), "copy": access.own_copy(request.person)}
    )


@require_safe
def copy_file(request):
    """Hand over the copy."""
    _refuse_unless_hers(request)
    made = access.copy_to_read(request.person)
    headers = {"Content-Disposition": f'attachment; filename="my-data-{made.made_at:%Y-%m-%d}.html"'}
    return HttpResponse(made.copy, headers=headers)


@require_safe
def erase(request):
    """Say what goes, what stays and for how long, before anything is asked."""
    return render(request, "accounts/erase_page.html", _around(request, "me"))


@require_http_methods(["GET", "HEAD", "POST"])
def erase_for_sure(request):
    """Ask once more; a yes is written down, and this browser is signed out with it."""
    if _needs_second_step(request):
        return redirect("second_factor_start")
    if request.method == "POST":
        actions.ask_to_be_erased(person=request.person)
        logout(request)
        request.person = None
        return render(request, "accounts/erase_asked.html")
    return render(request, "accounts/erase_sure.html", _around(request, "me_erase"))


def _refuse_unless_hers(request):
    if not access.may_have_copy(request.person, at=request.held.at) or _needs_second_step(request):
        raise Http404


def _needs_second_step(request):
    """Say whether this person's work needs more than a code, and this browser has shown no more."""
    return bool(request.held.audiences - WITHOUT_SECOND_FACTOR) and not roles.proved_twice(request)


def _around(request, back):
    return {"back_url": reverse(back), "help_person": access.person_to_call(request.held)}

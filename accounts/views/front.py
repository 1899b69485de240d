"""The pages that anybody may read."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from accounts import access, links
from accounts.places import home_of
from accounts.promises import promises
from accounts.thieves import THIEVES

# Another window of the world, for somebody who must not be seen reading about fear.
ELSEWHERE = "https://www.weather.gov/"


@require_safe
def front(request):
    """Say what this is, in five lines; somebody signed in goes to her first place."""
    if request.person:
        return redirect(home_of(request.held.audiences))
    return render(request, "accounts/front_page.html", {"help_person": access.person_to_call(request.held)})


@require_safe
def help_page(request):
    """Say whom to call: the school's person, and the numbers for danger and despair."""
    people = access.people_to_call(request.held)
    context = {"people": people, "help_person": next(iter(people), None), "elsewhere": ELSEWHERE}
    return render(request, "accounts/help_page.html", context)


@require_safe
def privacy(request):
    """Say who can read what."""
    context = {"promises": promises(), "thieves": THIEVES, "help_person": access.person_to_call(request.held)}
    return render(request, "accounts/privacy_page.html", context)


@require_safe
def open_link(request, secret):
    """Move the secret of a sent link into a cookie; reading never acts."""
    return links.into_cookie(secret)


@require_safe
def link_unknown(request):
    """Say that nothing is lost, and how to go on."""
    return render(request, "accounts/link_unknown.html", {"help_person": access.person_to_call(request.held)})


def nothing_here(request, exception) -> HttpResponseRedirect:
    """Answer what is absent or forbidden alike; a link that is over leads to the page that says what to do."""
    if isinstance(exception, links.LinkOver):
        return redirect("link_unknown")
    # What is forbidden to a leader looks as it does to everybody.
    request.is_leading = False
    return page_not_found(request, exception)

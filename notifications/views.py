"""The two doors through which the world says stop: the SMS provider's calls, and the link in each e-mail."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from notifications import access, actions, events


@csrf_exempt
@require_POST
def sms_event(request):
    """Keep what the provider says and answer at once; a call that it did not sign finds nothing here."""
    said = request.POST.dict()
    if not events.is_signed(request.get_full_path(), said, request.headers.get("X-Twilio-Signature", "")):
        raise Http404
    events.receive(said, request.GET.get("message", ""))
    return HttpResponse("<Response/>", content_type="text/xml")


# Mail programs post here by themselves (RFC 8058): the secret in the address is the whole proof.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def unsubscribe(request, secret):
    """Ask before stopping; only a POST stops, since mail scanners open every link."""
    address = access.address_by_secret(secret)
    if request.method == "POST":
        change = actions.resume if "again" in request.POST else actions.stop
        change(channel=address.channel, value=address.value)
        address = access.address_by_secret(secret)
    if "django_language" not in request.COOKIES:
        translation.activate(address.language)
    response = render(request, "notifications/address_unsubscribe.html", {"address": address})
    # The secret stays in this page's own address: a redirect would not survive the mail program that posts.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

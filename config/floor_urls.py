"""Addresses of notifications, declared here because the floor knows no audiences."""

from accounts.routes import route
from notifications import views

urlpatterns = [
    route("hooks/sms/", views.sms_event, name="sms_event", resource="provider events", audience="public"),
    route("u/<str:secret>", views.unsubscribe, name="unsubscribe", resource="own address", audience="link"),
]

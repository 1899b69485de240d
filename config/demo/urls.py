"""Addresses of the demonstration."""

from accounts.routes import route
from config.demo import views

urlpatterns = [
    route("", views.cast, name="demo", resource="demonstration", audience="demo"),
    route("enter/", views.enter, name="demo_enter", resource="demonstration", audience="demo"),
    route("clock/", views.move_clock, name="demo_clock", resource="demonstration", audience="demo"),
    route("inbox/", views.inbox, name="demo_inbox", resource="demonstration", audience="demo"),
]

"""Addresses of what leaders see."""

from accounts.routes import route
from insights import views

urlpatterns = [
    route("l/", views.leader_home, name="leader_home", resource="attendance", audience="leader"),
    route("l/<slug:slug>/", views.overview, name="overview", resource="attendance", audience="leader"),
]

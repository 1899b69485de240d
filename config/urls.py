"""The product as a table of addresses."""

from django.conf import settings
from django.urls import include, path

from accounts.routes import route
from config import views

handler404 = "accounts.views.front.nothing_here"

urlpatterns = [
    # First, so that nobody waits long for the questions.
    path("", include("surveys.urls")),
    route("health/", views.health, name="health", resource="health", audience="public"),
    route("language/", views.set_language, name="set_language", resource="language", audience="public"),
    route("robots.txt", views.robots, name="robots", resource="robots", audience="public"),
    path("", include("accounts.urls")),
    path("", include("config.floor_urls")),
    path("", include("partnerships.urls")),
    path("", include("dialogue_series.urls")),
    path("", include("insights.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("config.demo.urls"))]

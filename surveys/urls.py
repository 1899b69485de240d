"""Addresses of this floor."""

from accounts.routes import route
from surveys import views

urlpatterns = [
    route("f/<str:public>/", views.link_form, name="link_form", resource="answers", audience="link"),
]

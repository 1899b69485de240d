"""Addresses of this floor."""

from accounts.routes import route
from surveys.views import answering

urlpatterns = [
    route("f/<str:public>/", answering.link_form, name="link_form", resource="answers", audience="link"),
]

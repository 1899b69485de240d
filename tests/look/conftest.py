import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import engines
from django.utils import translation

from config.browser import launch_options

HOME = "http://evenings.test"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
SCALE = [("1", "Not at all"), ("2", "A lot"), ("none", "I'd rather not answer")]
FEEDBACK = """
{% extends "base_question.html" %}
{% block title %}Feedback{% endblock %}
{% block main %}
  <h1>Feedback</h1>
  {% include "_error_summary.html" %}
  <form id="form-1" method="post" novalidate data-one-at-a-time{% if shared %} data-shared-phone{% endif %}
    data-progress="Question {n} of {total}" data-back="Back" data-continue="Continue" data-missing="Choose an answer"
    data-no-signal="No signal" data-our-fault="Our fault">
    {% include "_likert.html" with field=form.spoke %}
    {% include "_likert.html" with field=form.heard %}
    <div data-step>{% include "_field.html" with field=form.comment optional=True %}</div>
    <button class="button">Send</button>
  </form>
{% endblock %}
"""
DONE = """
{% extends "base_question.html" %}
{% block title %}Done{% endblock %}
{% block main %}<h1 data-draft-done="form-1">Thank you</h1>{% endblock %}
"""
RUN_SHEET = """
{% extends "base_staff.html" %}
{% block title %}Run sheet{% endblock %}
{% block main %}<h1>Run sheet</h1>{% include "_timer.html" with id="s1" parts=parts %}{% endblock %}
"""


class FeedbackForm(forms.Form):
    """Two questions of a scale and a line of one's own, as after an evening."""

    spoke = forms.ChoiceField(label="How much could you say?", choices=SCALE, widget=forms.RadioSelect)
    heard = forms.ChoiceField(label="How much were you heard?", choices=SCALE, widget=forms.RadioSelect)
    comment = forms.CharField(label="Something else?", required=False, widget=forms.Textarea)


class Server:
    """Our templates and our static files behind a made-up address, with a signal that can be taken away."""

    def __init__(self):
        self.received = []
        self.has_signal = True
        self.is_broken = False
        self.shared = False
        self.form = FeedbackForm()

    def __call__(self, route):
        request = route.request
        path = request.url.removeprefix(HOME)
        if not self.has_signal:
            route.abort()
        elif path.startswith(settings.STATIC_URL):
            file = Path(settings.BASE_DIR) / "static" / path.removeprefix(settings.STATIC_URL)
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        elif request.method == "POST":
            self.received.append(request.post_data)
            route.fulfill(**self.answer())
        else:
            route.fulfill(body=self.page(path), content_type="text/html; charset=utf-8")

    def answer(self):
        if self.is_broken:
            return {"status": 500, "body": "broken"}
        return {"body": drawn(DONE), "content_type": "text/html; charset=utf-8"}

    def page(self, path):
        if path == "/run/":
            parts = [{"title": "Welcome", "minutes": 10}, {"title": "Closing", "minutes": 5}]
            return drawn(RUN_SHEET, parts=parts)
        return drawn(FEEDBACK, form=self.form, shared=self.shared)


def drawn(source, **context):
    with translation.override("en"):
        html = engines["django"].from_string(source.strip()).render(context)
    assert not re.search(r"\{[{%]", html)
    return html


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()


@pytest.fixture
def server(context):
    made = Server()
    context.route(f"{HOME}/**", made)
    return made


@pytest.fixture
def feedback(server, page):
    page.goto(f"{HOME}/f/1/")
    return page

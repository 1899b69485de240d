"""The yardstick: Django with nothing but the work itself. Ten questions of five answers, a line of text, one row.

python -m benchmarks.bare            makes its table
granian … benchmarks.bare:app        serves /form and /thanks
"""

import os
import sys

import django
from django.conf import settings

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Your opinion</title>
<main><h1>Your opinion</h1><form method="post">{% csrf_token %}
{% for field in form %}{% if field.name == "line" %}<label>{{ field.label }} <textarea name="line"></textarea></label>
{% else %}<fieldset><legend>{{ field.label }}</legend>{% for value, words in scale %}
<label><input type="radio" name="{{ field.name }}" value="{{ value }}"> {{ words }}</label>{% endfor %}</fieldset>
{% endif %}{% endfor %}<button>Send</button></form></main></html>"""

settings.configure(
    SECRET_KEY="only for measuring",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.gzip.GZipMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "bare",
            "USER": "postgres",
            "HOST": os.environ["BARE_DATABASE_HOST"],
            "CONN_MAX_AGE": None,
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {"form.html": PAGE})],
                    )
                ]
            },
        }
    ],
)
django.setup()

from django import forms
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

SCALE = [(n, f"Answer {n} of five") for n in range(1, 6)]
QUESTIONS = [f"q{n}" for n in range(1, 11)]

Answer = type(
    "Answer",
    (models.Model,),
    {
        "__module__": __name__,
        "Meta": type("Meta", (), {"app_label": "bare", "db_table": "answer"}),
        "given_at": models.DateTimeField(auto_now_add=True),
        "line": models.TextField(),
        **{name: models.SmallIntegerField() for name in QUESTIONS},
    },
)
AnswerForm = type(
    "AnswerForm",
    (forms.Form,),
    {
        **{
            name: forms.TypedChoiceField(label=f"How much was it {name}?", choices=SCALE, coerce=int)
            for name in QUESTIONS
        },
        "line": forms.CharField(label="Anything else?", required=False, max_length=500),
    },
)


def form(request):
    """Ask, or store one row and lead to the thanks."""
    given = AnswerForm(request.POST or None)
    if request.method == "POST" and given.is_valid():
        Answer.objects.create(**given.cleaned_data)
        return HttpResponseRedirect("/thanks")
    return render(request, "form.html", {"form": given, "scale": SCALE})


def thanks(request):
    """Say thank you."""
    return HttpResponse("<!doctype html><title>Thank you</title><p>Your answers are saved.")


urlpatterns = [path("form", form), path("thanks", thanks)]
app = get_wsgi_application()

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        if "again" in sys.argv:
            editor.delete_model(Answer)
        editor.create_model(Answer)

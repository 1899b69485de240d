"""Addresses of this floor."""

from accounts.routes import route
from surveys.views import answering, instruments


def authors(pattern, view, name):
    """Declare a page on which instruments are written."""
    return route(f"d/instruments/{pattern}", view, name=name, resource="instruments", audience="evaluator coordinator")


ONE = "<uuid:instrument>/"
ITEM = f"{ONE}questions/<uuid:item>/"
INSTRUMENTS = [
    authors("", instruments.instruments, "instruments"),
    authors("new/", instruments.new, "instrument_new"),
    authors("file/", instruments.bring, "instrument_bring"),
    authors(ONE, instruments.instrument_page, "instrument_page"),
    authors(f"{ONE}words/", instruments.words, "instrument_words"),
    authors(f"{ONE}questions/new/", instruments.item_new, "instrument_item_new"),
    authors(ITEM, instruments.item_change, "instrument_item"),
    authors(f"{ITEM}move/", instruments.item_move, "instrument_item_move"),
    authors(f"{ITEM}delete/", instruments.item_delete, "instrument_item_delete"),
    authors(f"{ONE}check/", instruments.check, "instrument_check"),
    authors(f"{ONE}preview/", instruments.preview, "instrument_preview"),
    authors(f"{ONE}file/", instruments.export, "instrument_export"),
    authors(f"{ONE}again/", instruments.again, "instrument_again"),
    authors(f"{ONE}delete/", instruments.delete, "instrument_delete"),
]

urlpatterns = [
    route("f/<str:public>/", answering.link_form, name="link_form", resource="answers", audience="link"),
    *INSTRUMENTS,
]

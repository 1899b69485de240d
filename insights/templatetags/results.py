"""Small drawings of released labels: what they show is the label, never anything finer."""

from django import template

from insights import measures

register = template.Library()
# Where the three fixed drawings for five to nine people put their mark, in per cent of the line.
PLACES = {"fewer_than_half": 17, "half": 50, "more_than_half": 83}


@register.inclusion_tag("insights/_drawing.html")
def drawing(*shown):
    """Draw one label, or one before and one after on the same line; nothing to show is a dashed outline."""
    marks = [mark(one, is_before=len(shown) == 2 and one is shown[0]) for one in shown]
    places = [one.get("at") for one in marks]
    return {"marks": marks, "rod": places if len(marks) == 2 and all(places) else None}


def mark(shown, *, is_before):
    """Return where one label stands: a dot at one of three places, or a band that is as wide as what is not known."""
    if not shown.label.is_shown:
        return {"is_hidden": True}
    if shown.label.band in PLACES:
        return {"at": f"{PLACES[shown.label.band]}%", "is_before": is_before}
    low, high = shown.label.edges
    return {"x": f"{low}%", "width": f"{max(high - low, 1)}%", "is_before": is_before}


@register.filter
def window_words(number, checkins):
    """Say which evenings a window of a series with these check-ins holds."""
    return measures.window_words(number, checkins)

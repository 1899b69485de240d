"""A district at a glance: a row a school, in how many schools families say what, and the scorecard."""

from collections import Counter
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import District, Membership, School
from accounts.roles import Held
from dialogue_series.models import CheckIn, Series, Session
from insights.models import Evidence
from notifications import clock
from partnerships.models import Board, Commitment, Receipt
from surveys import wording
from surveys.disclosure import Label
from surveys.models import Item, Release, Wave

LEAD = Membership.Kind.DISTRICT_LEAD


def my_districts(held: Held) -> QuerySet[District]:
    """Return the districts that somebody leads."""
    return District.objects.filter(pk__in=held.districts(LEAD)).order_by("name", "pk")


def my_district(held: Held, pk: UUID) -> District:
    """Fetch one of them; else raise Http404."""
    district = my_districts(held).filter(pk=pk).first()
    if district is None:
        raise Http404
    return district


# A row a school

NUMBERS = ("checkins", "checkins_held", "checkins_late", "asked", "answered")
NUMBERS += ("board_count", "receipts", "boards_that_asked")


def counted(rows: QuerySet, school: str, **what) -> Subquery:
    """Return these numbers of the rows that a school has, in one look at its table; nothing where it has none."""
    of_school = rows.order_by().filter(**{school: OuterRef("pk")}).values(school)
    return Subquery(of_school.annotate(said=JSONObject(**what)).values("said"))


def schools(district: District, *, today: date) -> list[School]:
    """List the schools of a district by name, never by success, in one statement; each knows its counts.

    And what is `told` of its series, the newest first: how many joined, how many `came` to each session in turn (None
    while one is to come), and whether its leader shares the report; the newest that has begun is `drawn`. Head counts
    and what the school itself did: nothing of what anybody answered.
    """
    evenings = Session.objects.filter(series=OuterRef("pk"), cancelled_at=None).order_by("number")
    series = Series.objects.filter(published_at__isnull=False, school=OuterRef("pk")).order_by("-published_at", "pk")
    is_shared = Case(When(shared_report__isnull=False, then=True), default=False)
    of_one = JSONObject(
        pk="pk", name="name", joined="joined", is_shared=is_shared, came=ArraySubquery(evenings.values("came"))
    )
    is_held, is_late = Q(held_on__isnull=False), Q(held_on=None, due_on__lt=today)
    counts = {
        "of_checkins": counted(
            CheckIn.objects.all(),
            "series__school",
            checkins=Count("pk"),
            checkins_held=Count("pk", filter=is_held),
            checkins_late=Count("pk", filter=is_late),
        ),
        "of_requests": counted(Commitment.objects.all(), "school", asked=Count("pk"), answered=Count("answered_at")),
        "of_boards": counted(Board.objects.all(), "school", board_count=Count("pk")),
        "of_receipts": counted(
            Receipt.objects.all(),
            "decision__school",
            receipts=Count("pk"),
            boards_that_asked=Count("decision__board", distinct=True),
        ),
    }
    told = ArraySubquery(series.values(said=of_one))
    found = list(district.schools.annotate(**counts, told=told).order_by("name", "pk"))
    for school in found:
        vars(school).update(dict.fromkeys(NUMBERS, 0))
        for name in counts:
            vars(school).update(getattr(school, name) or {})
        sessions = [came for one in school.told for came in one["came"]]
        school.joined = sum(one["joined"] for one in school.told)
        school.planned, school.held = len(sessions), sum(came is not None for came in sessions)
        school.reports = [one for one in school.told if one["is_shared"]]
        begun = [one for one in school.told if any(came is not None for came in one["came"])]
        school.drawn = next(iter(begun + school.told), None)
    return found


def so_far(school: School) -> dict[str, str]:
    """Return how much of what a school began is done, in words: "3 of 10"; where it began nothing it says so."""
    done = {
        "sessions": (school.held, school.planned),
        "talks": (school.checkins_held, school.checkins),
        "answers": (school.answered, school.asked),
        "boards": (school.boards_that_asked, school.board_count),
    }
    said, none = _("%(done)s of %(all)s"), _("none yet")
    return {name: said % {"done": some, "all": of} if of else none for name, (some, of) in done.items()}


def missing(school: School) -> list[str]:
    """Return what a school lacks, in sentences."""
    waiting = school.asked - school.answered
    late = ngettext(
        "%(count)d conversation with leaders is late.",
        "%(count)d conversations with leaders are late.",
        school.checkins_late,
    )
    unanswered = ngettext(
        "%(count)d request of families has no answer yet.",
        "%(count)d requests of families have no answer yet.",
        waiting,
    )
    said = [
        _("No series has begun yet.") if not school.told else "",
        late % {"count": school.checkins_late} if school.checkins_late else "",
        unanswered % {"count": waiting} if waiting else "",
        _("No board has asked families yet.") if school.board_count and not school.boards_that_asked else "",
        _("No board is entered yet.") if not school.board_count else "",
    ]
    return list(filter(None, said))


# What families say, counted in schools


class Spread(NamedTuple):
    """In how many schools each share of yes to one fact was released, from the lowest; what is withheld is last."""

    heading: str
    counts: list[str]


def spreads(district: District) -> list[Spread]:
    """Return, for each fact of the survey after the series, in how many schools which share said yes (trust P9).

    Of each school its newest series alone; labels are counted, and nothing is added up. The database counts: however
    many people answered, it reads the frozen labels only.
    """
    out = Wave.objects.filter(kind=Wave.Kind.AFTER, school__district=district, leaders_at__lte=clock.now())
    newest = out.order_by("school", "-leaders_at", "pk").distinct("school").values("pk")
    # The number who answered is no part of what is counted, but where it withholds.
    withheld = Case(When(band="", then=F("n_band")), default=Value(""))
    labels = Release.objects.filter(wave__in=newest).annotate(withheld=withheld)
    rows = list(labels.values_list("item", "option", "band", "withheld").annotate(schools=Count("pk")))
    items = Item.objects.prefetch_related("options").in_bulk({item for item, *_rest in rows})
    found: dict[tuple, Counter] = {}
    for item, option, band, withheld, number in rows:
        found.setdefault(fact_of(items[item], option), Counter())[Label(withheld, band)] += number
    return [spread(heading, counts) for (_place, heading), counts in sorted(found.items()) if is_of_several(counts)]


def is_of_several(counts: Counter) -> bool:
    """Say whether at least two schools have a label that is shown: that of one alone would be known by its name."""
    return sum(number for label, number in counts.items() if label.is_shown) > 1


def fact_of(item: Item, option: UUID | None) -> tuple[tuple[int, int], str]:
    """Return where a fact stands among the others, and its words."""
    chosen = next((one for one in item.options.all() if one.pk == option), None)
    if chosen is None:
        return (item.number, 0), capfirst(item.fact)
    return (item.number, chosen.number), f"{item.text} {chosen.text}"


def spread(heading: str, counts: Counter) -> Spread:
    """Say in words in how many schools each label was released."""
    in_order = sorted(counts, key=lambda one: (not one.is_shown, one.edges if one.is_shown else (0, 0)))
    return Spread(heading, [in_schools(label, counts[label]) for label in in_order])


def in_schools(label: Label, schools: int) -> str:
    """Say one label and in how many schools: "more than half: in 3 schools"."""
    said = ngettext("%(label)s: in %(count)d school", "%(label)s: in %(count)d schools", schools)
    words = wording.share_in_words(label) if label.is_shown else wording.in_words(label)
    return said % {"label": words, "count": schools}


# The scorecard

Row = Evidence.Row
ROWS = {
    Row.SYSTEMS: gettext_lazy("School systems that put people first"),
    Row.STAFF: gettext_lazy("Time and learning for those who work in schools"),
    Row.TEACHING: gettext_lazy("Teaching in which every student is seen"),
    Row.MEASURE: gettext_lazy("Measuring what matters to students and families"),
    Row.YOUTH: gettext_lazy("Young people of color have a say"),
    Row.POLICIES: gettext_lazy("Policies that are fair to all"),
    Row.CAREGIVERS: gettext_lazy("Families as partners"),
    Row.TRUST: gettext_lazy("Trust between people of different cultures"),
    Row.LEARNING: gettext_lazy("Families and educators learn from each other"),
    Row.WELL_BEING: gettext_lazy("Well-being in policy and budget"),
    Row.VISION: gettext_lazy("A vision that both sides wrote"),
    Row.RESOURCES: gettext_lazy("Resources are shared"),
    Row.CODESIGN: gettext_lazy("Families plan and decide too"),
}


def evidence(district: District, pk: UUID) -> Evidence:
    """Fetch something that was noted; else raise Http404."""
    found = district.evidence.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class Scored(NamedTuple):
    """A row of the scorecard: its words, what the product itself can show, and what was noted."""

    row: str
    title: str
    shown: str
    evidence: list[Evidence]


def scorecard(district: District, rows: list[School]) -> list[Scored]:
    """Return every row with its evidence; one with none says so."""
    noted: dict[str, list[Evidence]] = {}
    for evidence in district.evidence.select_related("school").order_by("-on", "pk"):
        noted.setdefault(evidence.row, []).append(evidence)
    shown = shown_by_the_product(rows)
    return [Scored(row, str(title), shown.get(row, ""), noted.get(row, [])) for row, title in ROWS.items()]


def shown_by_the_product(rows: list[School]) -> dict[str, str]:
    """Return, for the rows of the scorecard of which the product itself knows something, what it knows."""
    begun = sum(school.held > 0 for school in rows)
    asked, answered = sum(school.asked for school in rows), sum(school.answered for school in rows)
    receipts = sum(school.receipts for school in rows)
    series = ngettext(
        "A series of ten sessions in %(count)d school.", "Series of ten sessions in %(count)d schools.", begun
    )
    before = ngettext(
        "Once, a board asked families before it decided.",
        "%(count)d times a board asked families before it decided.",
        receipts,
    )
    said = {
        Row.CAREGIVERS: series % {"count": begun} if begun else "",
        Row.POLICIES: before % {"count": receipts} if receipts else "",
        Row.CODESIGN: _("Leaders answered %(answered)d of the %(asked)d things that families asked.")
        % {"answered": answered, "asked": asked}
        if asked
        else "",
    }
    return {row: words for row, words in said.items() if words}

"""What was learned about the demonstration's series of last year: a talk with families, a line of it, a finding."""

from datetime import time, timedelta

from accounts.database import acting
from accounts.models import Person
from config.demo.cast import DISTRICT_LEAD, EVALUATOR, Player
from config.demo.telling import ZONE, it_is
from dialogue_series.models import Series
from insights.actions import note_evidence
from insights.methods import actions
from insights.models import Evidence, Question, ReleasedLine, Talk
from surveys.disclosure import THEME_VETO
from surveys.models import Release, Wave

NOTES = (
    ("confianza", "Aquí puedo decir que no sé qué hacer con mi hijo y nadie me juzga."),
    ("la oficina", "En la oficina me dijeron que volviera con cita."),
)
LINE = {
    "question": Question.PARTNERSHIP,
    "text": "Entre familias hablan con confianza. Con la oficina de la escuela todavía les cuesta.",
    "language": "es",
    "translated": "Among families they speak openly. With the school's office they still find it hard.",
}
FINDING = {
    "question": Question.PARTNERSHIP,
    "claim_es": (
        "Las familias hablan con confianza entre ellas. "
        "Hoy son menos las que sienten que la escuela toma en cuenta lo que dicen."
    ),
    "claim_en": "Families speak openly with each other. Fewer now feel that the school considers what they say.",
    "limit_es": "Habla de las familias que terminaron la serie. No dice por qué, ni qué piensan las demás.",
    "limit_en": "It is about the families who finished the series. It does not say why, nor what others think.",
}

# What the district notes on its scorecard.
DONE = (
    (Evidence.Row.STAFF, "Se paga a quienes coordinan dos horas por cada encuentro."),
    (Evidence.Row.MEASURE, "Las encuestas a familias se hacen en español y en inglés."),
)


def tell_learning(series: Series, people: dict[Player, Person]) -> None:
    """Let Sam hold a talk with families after the last evening, let one line out, and publish what it shows."""
    sam = people[EVALUATOR]
    after = Wave.objects.get(ring=series.ring_id, kind=Wave.Kind.AFTER)
    on = after.leaders_at.astimezone(ZONE).date() + timedelta(days=1)
    it_is(on, time(18))
    with acting("evaluator", sam.pk):
        said = {"kind": Talk.Kind.FOCUS_GROUP, "held_on": on, "came": 6, "has_consent": True}
        talk = actions.log_talk(series=series, by=sam, **said)
        notes = [actions.write_note(talk=talk, by=sam, text=text, language="es", code=code) for code, text in NOTES]
        line = actions.release(note=notes[0], said_by=4, **LINE)
    it_is(on + THEME_VETO + timedelta(days=1), time(10))
    with acting("evaluator", sam.pk):
        publish(series, line)
    with acting("district", people[DISTRICT_LEAD].pk):
        for row, text in DONE:
            note_evidence(district=series.school.district, row=row, text=text, language="es", on=on)


def publish(series: Series, line: ReleasedLine) -> None:
    """Publish a finding that stands on that line and on what the same question said before and after."""
    labels = Release.objects.filter(wave__ring=series.ring_id, item__slug="school-listens").exclude(band="")
    sources = [("line", line.pk), *(("result", pk) for pk in labels.values_list("pk", flat=True))]
    actions.publish_finding(finding=actions.draft_finding(series=series, sources=sources, **FINDING))

"""What families read when a board asks them: the questions of its form, in both languages."""

from partnerships.models import Consultation
from partnerships.models.decisions import Kind
from surveys.authoring import OPT_OUT

# Two options are one yes or no; more of them are a yes or no each, and only so (trust.md P3).
ONE_OF_TWO = 2
FACT = {"es": "prefieren «%s»", "en": "prefer “%s”"}
MARK_ALL = {
    "es": "Marque todas las opciones que usted podría apoyar.",
    "en": "Mark all the options that you could support.",
}
READS = {
    Kind.PULSE: {
        "es": (
            "Quien pregunta, %(board)s, nunca ve su respuesta ni quién contestó. Lee resultados del conjunto de las "
            "familias, solo cuando contestan 5 personas o más, y nunca números exactos en un grupo pequeño. Las "
            "familias leen el resultado primero, la mañana después del cierre; quien pregunta, dos días más tarde."
        ),
        "en": (
            "%(board)s never sees your answer, nor who answered. It reads results of all families together, only when "
            "5 or more people answer, and never exact numbers in a small group. Families read the result first, the "
            "morning after it closes; %(board)s reads it two days later."
        ),
    },
    Kind.GROUP_POSITION: {
        "es": (
            "Quien pregunta, %(board)s, nunca ve su respuesta ni quién contestó. Aquí las familias toman posición: si "
            "el grupo lo decide antes del cierre, y contestan 5 personas o más, lee cuántas familias apoyan cada cosa; "
            "si no, solo resultados sin números exactos. Usted puede no contestar y nadie lo ve. Las familias leen el "
            "resultado primero, la mañana después del cierre; quien pregunta, dos días más tarde."
        ),
        "en": (
            "%(board)s never sees your answer, nor who answered. Here families take a position: if the group so "
            "decides before it closes, and 5 or more people answer, it reads how many families support each thing; "
            "if not, only results without exact numbers. You may leave it unanswered and nobody sees that. Families "
            "read the result first, the morning after it closes; %(board)s reads it two days later."
        ),
    },
}
# Without options there is nothing to count.
READS_THEMES = {
    "es": (
        "Quien pregunta, %(board)s, nunca ve su respuesta ni quién contestó. Lee temas: lo que dicen tres personas o "
        "más, con otras palabras, después de que lo haya leído un grupo de familias."
    ),
    "en": (
        "%(board)s never sees your answer, nor who answered. It reads themes: what three people or more say, in other "
        "words, after a group of families has read it."
    ),
}
WHO_READS_WORDS = {
    "es": (
        "Lo leen quienes facilitan los grupos de familias de esta escuela y no trabajan en ella, mezclado con lo que "
        "escriben otras familias y solo cuando escriben 3 o más. Quien pregunta lee temas, con otras palabras: nunca "
        "lo que usted escribió."
    ),
    "en": (
        "Read by those who facilitate the families' groups of this school and do not work at it, mixed with what "
        "other families write, and only when 3 or more write. %(board)s reads themes, in other words: never what you "
        "wrote."
    ),
}
LANGUAGES = ("es", "en")
NOTHING = dict.fromkeys(LANGUAGES, "")


def written(consultation: Consultation) -> dict:
    """Return the instrument of a consultation, as surveys.actions.publish takes it."""
    options = consultation.options
    question = in_both(consultation, "question")
    background = in_both(consultation, "background")
    takes_several = len(options) > ONE_OF_TWO
    return {
        "slug": f"consultation-{consultation.pk}",
        "title": in_both(consultation, "title"),
        "about": {
            language: f"{background[language]}\n\n{MARK_ALL[language]}" if takes_several else background[language]
            for language in LANGUAGES
        },
        "intro": naming(consultation, READS[consultation.kind] if options else READS_THEMES),
        "items": [item(question, options, takes_several)] if options else [],
        "comment": {
            "text": NOTHING if options else question,
            "hint": NOTHING if options else naming(consultation, WHO_READS_WORDS),
        },
        "opt_out": OPT_OUT,
    }


def item(question, options, takes_several):
    """Return the one question: of two options the first is the yes, of more each is one by itself."""
    first = {language: FACT[language] % options[0][language] for language in LANGUAGES}
    return {
        "slug": "options",
        "kind": "several" if takes_several else "choice",
        "text": question,
        **({} if takes_several else {"fact": first}),
        "options": [
            {"value": f"option-{number}", "text": option, "favourable": number == 1 and not takes_several}
            for number, option in enumerate(options, start=1)
        ],
    }


def naming(consultation: Consultation, words: dict[str, str]) -> dict[str, str]:
    """Return a text in both languages with the board's name in it."""
    return {language: words[language] % {"board": consultation.board_name} for language in LANGUAGES}


def in_both(row: Consultation, field: str) -> dict[str, str]:
    """Return a text of a consultation in both languages."""
    return {language: getattr(row, f"{field}_{language}") for language in LANGUAGES}

"""What the demonstration's families say to each other between the evenings, through the product's own actions."""

from datetime import date, time, timedelta
from typing import NamedTuple

from accounts.database import acting
from accounts.models import Person
from config.demo.cast import ELENA, FAMILIES, Player
from dialogue_series.actions.joining import enter_group
from dialogue_series.models import Series
from partnerships.access.spaces import Room
from partnerships.access.voices import translations_to_review, words
from partnerships.actions import agreements, ideas, leads, quotes, voices
from partnerships.models import Group, Post

LUCIA, CARMEN, MARISOL, ERNESTO, YESENIA, TERESA, DENISE, GUADALUPE = FAMILIES
AGREED = """Escuchamos hasta el final, sin interrumpir.
Lo que se cuenta aquí se queda aquí; lo que aprendimos nos lo podemos llevar.
Podemos no estar de acuerdo: con la idea, nunca con la persona.
Cada quien habla en el idioma que quiera, y esperamos la interpretación."""


class Said(NamedTuple):
    """One answer: who gave it, in which words, with or without a name."""

    who: Player
    text: str
    is_nameless: bool = False
    language: str = "es"


class Told(NamedTuple):
    """One post: after which evening, by whom, what it got for answers and reactions."""

    evening: int
    said: Said
    answers: tuple[Said, ...] = ()
    helped: tuple[Player, ...] = ()
    me_too: tuple[Player, ...] = ()


TOLD = (
    Told(
        1,
        Said(ELENA, "Gracias por venir anoche. Aquí podemos seguir la conversación entre un jueves y otro."),
        (Said(LUCIA, "Gracias a usted. Salí con ganas de volver."),),
        helped=(CARMEN, TERESA),
    ),
    Told(
        2,
        Said(
            CARMEN,
            "Mi hijo entró a noveno y ya no me cuenta nada de la escuela. Lo que dijo Marisol de preguntar por los "
            "amigos y no por las notas me sirvió: anoche hablamos media hora.",
        ),
        (
            Said(MARISOL, "¡Qué gusto! A mí me funciona mejor en el carro que en la mesa."),
            Said(GUADALUPE, "Lo voy a intentar."),
        ),
        helped=(LUCIA, YESENIA, ELENA),
        me_too=(GUADALUPE, TERESA),
    ),
    Told(
        3,
        Said(
            YESENIA,
            "Cuando llamo a la oficina casi nunca contesta alguien que hable español, y me da pena que mi hija "
            "traduzca lo suyo. ¿A alguien más le pasa?",
            is_nameless=True,
        ),
        (
            Said(TERESA, "A mí también. Terminé yendo en persona."),
            Said(ELENA, "Gracias por contarlo. ¿Lo hablamos el jueves y vemos qué le pedimos a la escuela?"),
        ),
        me_too=(LUCIA, CARMEN, GUADALUPE),
    ),
    Told(
        4,
        Said(
            DENISE,
            "My Spanish is slow, so I listen more than I talk. Thank you for waiting for the interpreter. It makes me "
            "feel that I belong here.",
            language="en",
        ),
        (Said(ERNESTO, "Aquí tiene su lugar, Denise."),),
        helped=(ELENA,),
    ),
)
DENISE_IN_SPANISH = (
    "Mi español es lento, así que escucho más de lo que hablo. Gracias por esperar a la intérprete. Me hace sentir "
    "que este también es mi lugar."
)
IDEA = "Que en la oficina siempre conteste alguien que hable español."
ASKED_OF_CARMEN = "preguntar por los amigos y no por las notas me sirvió: anoche hablamos media hora."
TO_ALL = Said(TERESA, "Si alguien va a la feria de salud del sábado, tengo dos lugares en el carro.")


def talk(series: Series, people: dict[Player, Person], it_is) -> None:
    """Let everybody into the group, agree on how to talk, and write; `it_is(day, hour)` moves the story's clock."""
    days = list(series.sessions.order_by("number").values_list("on", flat=True))
    it_is(days[0], time(18, 45))
    for player in (ELENA, *FAMILIES):
        with acting("facilitator" if player is ELENA else "caregiver", people[player].pk):
            enter_group(series=series, person=people[player])
    agree(series.group, people)
    posts = {}
    for told in TOLD:
        it_is(days[told.evening - 1] + timedelta(days=1), time(9, 30))
        posts[told.said.who] = write(series.group, people, told)
    translate(series.group, posts[DENISE], people)
    with acting("caregiver", people[TERESA].pk):
        space = series.group.space
        voices.write_post(space=space, group=None, **columns(TO_ALL), by=people[TERESA])
    think(series.group, posts[YESENIA], people)
    share(posts, people)
    name_lead(series, people, days[0])


def agree(group: Group, people: dict[Player, Person]) -> None:
    """Write down what the group agreed, publish a copy of it, and let everybody say yes to it."""
    with acting("facilitator", people[ELENA].pk):
        agreed = agreements.agree_together(group=group, text=AGREED, language="es")
        agreements.publish(agreement=agreed)
    for player in FAMILIES:
        with acting("caregiver", people[player].pk):
            agreements.say_yes(agreement=agreed, by=people[player])


def write(group: Group, people: dict[Player, Person], told: Told) -> Post:
    """Write one post with its answers and reactions, each as the one who gave it."""
    author = people[told.said.who]
    with acting("caregiver", author.pk):
        post = voices.write_post(space=group.space, group=group, **columns(told.said), by=author)
    for said in told.answers:
        with acting("caregiver", people[said.who].pk):
            voices.write_reply(post=post, **columns(said), by=people[said.who])
    for kind, players in (("helped", told.helped), ("me_too", told.me_too)):
        for player in players:
            with acting("caregiver", people[player].pk):
                voices.react(post=post, kind=kind, by=people[player])
    return post


def translate(group: Group, post: Post, people: dict[Player, Person]) -> None:
    """Let Carmen put Denise's words into Spanish, and Denise say that they say the same."""
    with acting("caregiver", people[CARMEN].pk):
        voices.translate(words=post, text=DENISE_IN_SPANISH, by=people[CARMEN], is_led=False)
    with acting("caregiver", people[DENISE].pk):
        room = Room(group.space, group, people[DENISE], is_led=False)
        [waiting] = translations_to_review(room, words(room, post.pk, None))
        voices.accept_translation(translation=waiting)


def think(group: Group, post: Post, people: dict[Player, Person]) -> None:
    """Let Teresa keep an idea from what Yesenia wrote, others stand behind it, and Guadalupe see to it."""
    with acting("caregiver", people[TERESA].pk):
        idea = ideas.write_idea(space=group.space, group=group, text=IDEA, language="es", post=post)
    for player in (TERESA, LUCIA, CARMEN, MARISOL):
        with acting("caregiver", people[player].pk):
            ideas.support(idea=idea, by=people[player])
    with acting("caregiver", people[GUADALUPE].pk):
        ideas.see_to(idea=idea, by=people[GUADALUPE])


def share(posts: dict[Player, Post], people: dict[Player, Person]) -> None:
    """Let Elena ask for words of two; Denise has said yes, Carmen has not answered."""
    with acting("facilitator", people[ELENA].pk):
        quote = quotes.ask(post=posts[DENISE], words=posts[DENISE].text, by=people[ELENA])
        quotes.ask(post=posts[CARMEN], words=ASKED_OF_CARMEN, by=people[ELENA])
    with acting("caregiver", people[DENISE].pk):
        translation = posts[DENISE].translations.get()
        quotes.allow(quote=quote, for_leaders=True, for_public=False, signature="mother", translation=translation)


def name_lead(series: Series, people: dict[Player, Person], first_on: date) -> None:
    """Let the families name Guadalupe to reach out to others; the school's leaders have yet to sign."""
    term = {
        "from_on": first_on,
        "review_on": first_on + timedelta(weeks=26),
        "until_on": first_on + timedelta(weeks=52),
    }
    with acting("caregiver", people[CARMEN].pk):
        lead = leads.propose(school=series.school, person=people[GUADALUPE], by=people[CARMEN], **term)
    with acting("caregiver", people[GUADALUPE].pk):
        leads.say_unpaid(lead=lead)
    with acting("caregiver", people[CARMEN].pk):
        leads.sign_for_parents(lead=lead, by=people[CARMEN])


def columns(said: Said) -> dict:
    """Return what an action asks to know about a text."""
    return {"text": said.text, "language": said.language, "is_nameless": said.is_nameless}

"""One group in which something of every kind is written, and everybody who could want to read it."""

from datetime import timedelta
from types import SimpleNamespace

from django.db import connection, transaction
from django.db.utils import ProgrammingError

from accounts.database import acting
from accounts.models import Membership
from notifications import clock
from partnerships.models import (
    Agreement,
    AgreementVoice,
    DoorTrial,
    Group,
    GroupMember,
    Idea,
    IdeaSupport,
    OutreachLead,
    Quote,
    Reaction,
    Reaffirmation,
    SharedAgreement,
    SharedQuote,
    Theme,
    ThemeSource,
    Translation,
)
from surveys.disclosure import THEME_VETO
from tests.factories import make_member, make_person, make_post, make_reply, make_school, make_series, tie

# Those inside; families elsewhere; those whom something keeps out.
INSIDE = ("writer", "member", "facilitator", "unpaid coordinator who facilitates", "member with a parent seat")
ELSEWHERE = ("member of another group", "family of another school")
OUTSIDE = (
    "former member",
    "former family",
    "hired mid-series",
    "teacher who is a parent",
    "member with a staff seat",
    "payroll coordinator who facilitates",
    "unpaid coordinator named as a family",
    "principal",
    "nobody",
)
RELATIONS = (*INSIDE, *ELSEWHERE, *OUTSIDE)
MARKER = "marcador-Zq7"
# What its writer let out; it is found outside, and means no hole.
LET_OUT = "palabras con permiso"


@transaction.atomic
def make_world():
    """Make the school, its people and what the writer wrote; return all of it by name."""
    here, there = make_school("Mirador"), make_school("Roble")
    group = make_series(here).group
    places = {"group": group, "space": group.space, "twin": Group.objects.create(space=group.space, name="Otro igual")}
    places |= {"beside": make_series(here).group, "far": make_series(there).group}
    people = make_people(here, there, places)
    world = SimpleNamespace(school=here, there=there, people=people, **places)
    write_everything(world)
    return world


def make_people(here, there, places):
    """Make everybody of RELATIONS, each in the group and in its twin as far as she ever got in."""
    kinds = {
        "writer": ("caregiver",),
        "member": ("caregiver",),
        "facilitator": ("caregiver",),
        "unpaid coordinator who facilitates": ("coordinator",),
        "member with a parent seat": ("caregiver", "parent_seat"),
        "former member": ("caregiver",),
        "former family": (),
        "hired mid-series": ("caregiver",),
        "teacher who is a parent": ("caregiver", "staff"),
        "member with a staff seat": ("caregiver", "staff_seat"),
        "payroll coordinator who facilitates": ("caregiver", "coordinator"),
        "unpaid coordinator named as a family": ("coordinator",),
    }
    people = {"nobody": None}
    for relation, held in kinds.items():
        paid = relation.startswith("payroll")
        people[relation] = person = make_person(relation.capitalize(), here, *held, on_payroll=paid)
        role = "facilitator" if "facilitat" in relation else "caregiver"
        for place in (places["group"], places["twin"]):
            make_member(place, person, role)
    people["named to lead"] = make_person("Elena", here, "caregiver")
    people["principal"] = make_person("Dra. Grant", here, "leader")
    people["member of another group"] = make_person("Rut", here, "caregiver")
    make_member(places["beside"], people["member of another group"], "facilitator")
    people["family of another school"] = make_person("Patricia", there, "caregiver")
    make_member(places["far"], people["family of another school"], "facilitator")
    at = clock.now()
    GroupMember.objects.filter(person=people["former member"]).update(until=at - timedelta(days=1))
    Membership.objects.create(
        person=people["former family"], school=here, kind="caregiver", since=at - timedelta(days=300), until=at
    )
    tie(people["hired mid-series"], here, "staff")
    return people


def write_everything(world):
    """Write one thing of each kind: the writer's words, and what others added to them."""
    writer, member, leads = (world.people[name] for name in ("writer", "member", "facilitator"))
    at = clock.now()
    world.post = make_post(world.group, writer, f"Firmado {MARKER}: {LET_OUT}")
    world.nameless = make_post(world.group, writer, f"Sin mi nombre {MARKER}", without_name=True)
    world.space_post = make_post(world.space, writer, f"A todas {MARKER}")
    world.reply = make_reply(world.post, writer, f"Respuesta {MARKER}")
    make_reply(world.space_post, writer, f"Respuesta a todas {MARKER}")
    with acting("caregiver", member.pk):
        world.translation = Translation.objects.create(
            post=world.post, language="en", text=f"Signed {MARKER}", by=member, at=at
        )
    with acting("facilitator", leads.pk):
        agreed = {"group": world.group, "language": "es", "drafted_at": at}
        world.agreement = Agreement.objects.create(version=1, text=f"Acuerdo {MARKER}", agreed_at=at, **agreed)
        world.draft = Agreement.objects.create(version=2, text=f"Borrador {MARKER}", **agreed)
        world.reaffirmation = Reaffirmation.objects.create(agreement=world.agreement, on=at.date())
        world.quote, world.answered = (
            Quote.objects.create(post=post, words=LET_OUT, asked_by=leads, asked_at=at)
            for post in (world.nameless, world.post)
        )
        world.old_theme, world.theme = make_themes(world)
        world.shared_agreement = SharedAgreement.objects.create(
            group=world.group,
            school=world.school,
            group_name=world.group.name,
            text="Copia para la escuela",
            language="es",
            published_at=at,
        )
    with acting("caregiver", member.pk):
        Translation.objects.create(agreement=world.agreement, language="en", text=f"Agreed {MARKER}", by=member, at=at)
    with acting("caregiver", writer.pk):
        world.reaction = Reaction.objects.create(post=world.post, person=writer, kind="helped")
        world.voice = AgreementVoice.objects.create(agreement=world.agreement, person=writer, at=at)
        world.idea, world.second_idea = (
            Idea.objects.create(
                space=world.space, group=world.group, post=world.post, text=f"Idea {MARKER}", language="es", at=at
            )
            for _ in range(2)
        )
        world.space_idea = Idea.objects.create(space=world.space, text=f"Idea {MARKER}", language="es", at=at)
        world.support = IdeaSupport.objects.create(idea=world.idea, person=writer)
        yes = {"for_leaders": True, "for_public": False, "signature": "mother"}
        Quote.objects.update(answered_at=at, **yes)
        shared = {"school": world.school, "words": LET_OUT, "language": "es", "shared_at": at}
        world.shared = SharedQuote.objects.create(quote=world.quote, **shared, **yes)
        world.trial = DoorTrial.objects.create(
            group=world.group, person=writer, kind="principal", asked_at=at - timedelta(days=1)
        )
        world.lead = OutreachLead.objects.create(
            school=world.school,
            person=world.people["named to lead"],
            name="Elena",
            proposed_by=writer,
            proposed_at=at,
            from_on=at.date(),
            review_on=at.date() + timedelta(days=90),
            until_on=at.date() + timedelta(days=180),
        )


def make_themes(world):
    """Show one theme today; another one was shown four days ago. The writer alone says both."""
    found = []
    for days in (4, 0):
        at = clock.now() - timedelta(days=days)
        say_that_it_is(at)
        theme = Theme.objects.create(
            group=world.group,
            text=f"Tema {days} {MARKER}",
            language="es",
            translated="x",
            shown_at=at,
            shown_until=at + THEME_VETO,
        )
        world.source = ThemeSource.objects.create(theme=theme, post=world.post)
        found.append(theme)
    return found


def say_that_it_is(at):
    """Let the policies take this for the present until the transaction ends or somebody else acts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.now', %s, true)", [at.isoformat()])


def keys(world, me):
    """Return the keys of all that a statement can name."""
    named = {name: row.pk for name, row in vars(world).items() if hasattr(row, "pk")}
    return {**named, "me": me and me.pk, "writer": world.people["writer"].pk, "words": LET_OUT}


REFUSED = "42501"


def outcome(world, audience, relation, sql):
    """Say what a statement does for somebody in a role: + something, . nothing, - refused; then undo it."""
    me = world.people[relation]
    with acting(audience, me and me.pk), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql, keys(world, me))
                found = "+" if cursor.rowcount else "."
                transaction.set_rollback(True)
        except ProgrammingError as error:
            if error.__cause__.pgcode != REFUSED:
                raise
            return "-"
        return found

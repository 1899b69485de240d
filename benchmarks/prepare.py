"""A form of ten five-point questions, and people with a link each; runs as the worker, prints their links."""

import json
import sys
from datetime import timedelta
from uuid import uuid4

import django

django.setup()

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import links
from accounts.database import acting
from accounts.models import District, Link, Membership, Person, School
from notifications import clock
from notifications.models import Address, AddressOwner
from surveys import actions
from surveys.models import FormPerson

SCALE = [(f"answer-{n}", f"Answer {n} of five") for n in range(1, 6)]
INSTRUMENT = {
    "slug": "benchmark",
    "title": {"es": "Su opinión", "en": "Your opinion"},
    "intro": {"es": "Diez preguntas.", "en": "Ten questions."},
    "items": [
        {
            "slug": f"q{n}",
            "kind": "scale",
            "text": {"es": f"¿Cuánto fue q{n}?", "en": f"How much was it q{n}?"},
            "fact": {"es": "dijeron que mucho", "en": "said a lot"},
            "options": [
                {"value": value, "text": {"es": words, "en": words}, "favourable": value > "answer-3"}
                for value, words in SCALE
            ],
        }
        for n in range(1, 11)
    ],
    "comment": {
        "text": {"es": "¿Algo más?", "en": "Anything else?"},
        "hint": {"es": "Lo lee quien modera.", "en": "Whoever facilitates reads it."},
    },
    "opt_out": {"es": "Prefiero no contestar", "en": "I'd rather not answer"},
}


def open_form(people: int):
    """Open the form to so many new people of one school."""
    now, password = clock.now(), make_password(None)
    district = District.objects.create(name="Benchmark")
    school = School.objects.create(
        district=district,
        slug=f"benchmark-{people}",
        name="Benchmark",
        sms_name="Benchmark",
        help_name="Rosa",
        help_phone="1",
    )
    ring = actions.start_ring(ends_on=(now + timedelta(days=60)).date())
    actions.make_ring_keys(ring=ring.pk)
    actions.publish(written=INSTRUMENT)
    form = actions.open_form(
        wave=actions.wave_of(school=school, ring=ring, kind="window"),
        instrument=INSTRUMENT["slug"],
        people=[],
        evening_on=None,
        opens_at=now,
        closes_at=now + timedelta(days=7),
    )
    made = [Person(name=f"Person {n}", language="en", password=password, state="here") for n in range(people)]
    Person.objects.bulk_create(made, batch_size=5000)
    Membership.objects.bulk_create(
        [Membership(person=person, kind="caregiver", school=school, since=now) for person in made], batch_size=5000
    )
    FormPerson.objects.bulk_create([FormPerson(form=form, person=person) for person in made], batch_size=5000)
    return form, made


def give_links(form, people):
    """Give each of them an address and the link that it would have been sent; return public names and secrets."""
    addresses = [
        Address(channel="email", value=f"{person.pk}@example.org", language="en", id=uuid4()) for person in people
    ]
    Address.objects.bulk_create(addresses, batch_size=5000)
    AddressOwner.objects.bulk_create(
        [AddressOwner(address=address, person=person) for address, person in zip(addresses, people, strict=True)],
        batch_size=5000,
    )
    told, rows = [], []
    for address in addresses:
        secret = links.secret_of(Link.Job.FORM, about=form.pk, address=address.pk)
        public = links.derive(f"public|{secret}")[:12]
        rows.append(
            Link(secret_hash=links.digest(secret), public=public, job=Link.Job.FORM, about=form.pk, address=address.pk)
        )
        told.append((public, secret))
    Link.objects.bulk_create(rows, batch_size=5000)
    return told


if __name__ == "__main__":
    with acting("worker"), transaction.atomic():
        json.dump(give_links(*open_form(int(sys.argv[1]))), sys.stdout)

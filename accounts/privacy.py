"""What becomes of each field when somebody asks to be forgotten, and how long rows are kept.

Said beside each model: PRIVACY, a rule for each field; PRIVACY_OF, by which fields a row belongs to a person;
PRIVACY_FOR, for how long its rows are kept (notifications/keeping.py). Done here, and nowhere else.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import DateTimeField, F, Field, ManyToManyField, Model, Value
from django.db.models.functions import Coalesce

from accounts.codes import machine_now
from accounts.models import Person
from notifications import clock
from notifications.keeping import BY_HAND

OURS = ("notifications", "accounts", "surveys", "partnerships", "dialogue_series", "insights")
# As it is; emptied; the moment of the erasure, unless one stands there; the whole row goes.
KEEP, BLANK, STAMP, DELETE = "keep", "blank", "stamp", "delete"
RULES = frozenset({KEEP, BLANK, STAMP, DELETE})


def walk() -> Iterator[tuple[type[Model], dict[str, str]]]:
    """Yield every model of ours with its declaration, field by field; one that declares nothing has an empty one."""
    for name in OURS:
        for model in apps.get_app_config(name).get_models():
            yield model, vars(model).get("PRIVACY", {})


def undeclared() -> dict[str, set[str]]:
    """Return what no declaration says, or says wrongly, by model; a name that stands for no field is wrong too."""
    wrong = {model._meta.label: faults(model, rules) for model, rules in walk()}
    return {label: found for label, found in wrong.items() if found}


def faults(model: type[Model], rules: dict[str, str]) -> set[str]:
    """Return the fields of one model with no rule or an unknown one, and what else its declaration lacks."""
    fields = {field.name: field for field in [*model._meta.local_fields, *model._meta.local_many_to_many]}
    # The columns of a translated field follow the rule of the field.
    names = {getattr(field, "translated_field", field).name for field in fields.values()}
    found = (names ^ set(rules)) | {name for name, rule in rules.items() if rule not in RULES}
    if not hasattr(model, "PRIVACY_OF") or (model.PRIVACY_OF is None and people_in(model)):
        found.add("PRIVACY_OF")
    others = {field.name for field in people_in(model)} - set(owned_by(model))
    # A row goes whole, and with its own person only, never with somebody whom it merely names.
    found |= {name for name in others if rules.get(name) == DELETE}
    if DELETE in rules.values() and not {KEEP, STAMP}.isdisjoint(rules.values()):
        found.add("PRIVACY")
    found |= {kept.since for kept in terms(model) if not isinstance(fields.get(kept.since), DateTimeField)}
    return found | {name for kept in terms(model) for name in kept.empties if name not in fields}


def people_in(model: type[Model]) -> list[Field]:
    """Return the columns of a model that name a person."""
    return [field for field in model._meta.local_fields if field.related_model is Person]


def owned_by(model: type[Model]) -> tuple[str, ...]:
    """Return the paths from a row to the person whose it is; none where its app knows by itself, or it is nobody's."""
    path = getattr(model, "PRIVACY_OF", None)
    if path is None or path == BY_HAND:
        return ()
    return path if isinstance(path, tuple) else (path,)


def terms(model: type[Model]) -> tuple:
    """Return for how long a model's rows are kept; for ever where nothing is said."""
    return getattr(model, "PRIVACY_FOR", ())


def erase(person: Person) -> None:
    """Empty and delete what every declaration says of somebody's rows; a second time changes nothing.

    Rows that are known by another one (a text by its authorship) go before it.
    """
    owned = [(model, rules, path) for model, rules in walk() for path in owned_by(model)]
    for model, rules, path in owned:
        if DELETE not in rules.values():
            empty(model, rules, {path: person.pk})
    for model, rules in walk():
        for field in people_in(model):
            if rules[field.name] == BLANK and field.name not in owned_by(model):
                model._default_manager.filter(**{field.name: person.pk}).update(**{field.name: None})
    for model, rules, path in sorted(owned, key=lambda one: one[2].count("__"), reverse=True):
        if DELETE in rules.values():
            model._default_manager.filter(**{path: person.pk}).delete()


def empty(model: type[Model], rules: dict[str, str], which: dict) -> None:
    """Empty the fields of some rows that are to be empty, and write the moment where one is missing."""
    changes = {}
    # A column that names somebody else is emptied where it names her, and not because the row is hers.
    others = {field.name for field in people_in(model)} - set(owned_by(model))
    for name, rule in rules.items():
        if name in others:
            continue
        field = model._meta.get_field(name)
        if isinstance(field, ManyToManyField):
            if rule == BLANK:
                rows = model._default_manager.filter(**which).values("pk")
                field.remote_field.through._default_manager.filter(**{f"{field.m2m_field_name()}__in": rows}).delete()
        elif rule == BLANK:
            changes[name] = emptied(field)
        elif rule == STAMP:
            changes[name] = Coalesce(F(name), Value(clock.now()))
    if changes:
        model._default_manager.filter(**which).update(**changes)


def emptied(field: Field):
    """Return what stands in a field of which nothing is left."""
    if field.null:
        return None
    if field.get_internal_type() == "BooleanField":
        return False
    # A secret that must not be empty is another one.
    return field.get_default()


def forget_old() -> None:
    """Delete, or empty, every row whose time is over."""
    for model, _rules in walk():
        for kept in terms(model):
            at = machine_now() if kept.by_machine else clock.now()
            old = model._default_manager.filter(kept.only, **{f"{kept.since}__lt": at - kept.at_most})
            if kept.empties:
                empty(model, dict.fromkeys(kept.empties, BLANK), {"pk__in": old.values("pk")})
            else:
                old.delete()

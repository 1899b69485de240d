"""What becomes of each field when somebody asks to be forgotten, and how long it is kept: said beside each model."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model

OURS = ("notifications", "accounts", "surveys", "partnerships", "dialogue_series", "insights")


def walk() -> Iterator[tuple[type[Model], dict[str, str]]]:
    """Yield every model of ours with its declaration, field by field; one that declares nothing has an empty one."""
    for name in OURS:
        for model in apps.get_app_config(name).get_models():
            yield model, vars(model).get("PRIVACY", {})


def undeclared() -> dict[str, set[str]]:
    """Return the fields that no declaration names, and the names that stand for no field, by model."""
    wrong = {}
    for model, rules in walk():
        fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
        # The columns of a translated field follow the rule of the field.
        fields = {getattr(field, "translated_field", field).name for field in fields}
        if fields ^ set(rules):
            wrong[model._meta.label] = fields ^ set(rules)
    return wrong

"""Keeping the ten topics as the curriculum file has them."""

from django.db import transaction

from dialogue_series.models import RunSheetPart, Topic, TopicResource
from dialogue_series.schedule import SESSIONS_PER_SERIES

LANGUAGES = ("es", "en")


@transaction.atomic
def keep_curriculum(*, topics: list[dict]) -> None:
    """Write the ten topics with their parts and resources; a part or resource keeps its row from one load to the next.

    `topics` is the content of fixtures/curriculum.json; raises ValueError where it is not ten topics of four parts.
    """
    if [topic["number"] for topic in topics] != list(range(1, SESSIONS_PER_SERIES + 1)):
        raise ValueError("The curriculum has ten topics, numbered in order.")
    for topic in topics:
        Topic.objects.update_or_create(
            number=topic["number"],
            defaults={
                "slug": topic["slug"],
                "competencies": topic["competencies"],
                "places": topic["places"],
                "is_sensitive": topic["sensitive"],
                **in_both(topic, "title", "aim", "about", "try_at_home", "referral"),
                **lines_in_both("bring", topic["bring"]),
            },
        )
        keep_parts(topic)
        keep_resources(topic)


def keep_parts(topic: dict) -> None:
    """Write the four parts of an evening."""
    if [part["kind"] for part in topic["parts"]] != RunSheetPart.Kind.values:
        raise ValueError(f"Topic {topic['number']} has the four parts in their order.")
    for number, part in enumerate(topic["parts"], start=1):
        RunSheetPart.objects.update_or_create(
            topic_id=topic["number"],
            number=number,
            defaults={
                "kind": part["kind"],
                "minutes": part["minutes"],
                **in_both(part, "title", "steps"),
                **lines_in_both("say_aloud", part["say_aloud"]),
            },
        )


def keep_resources(topic: dict) -> None:
    """Write what is read together, and drop what the file no longer has."""
    for number, resource in enumerate(topic["resources"], start=1):
        TopicResource.objects.update_or_create(
            topic_id=topic["number"],
            number=number,
            defaults={
                "kind": resource["kind"],
                "minutes": resource["minutes"],
                **in_both(resource, "title", "body"),
            },
        )
    TopicResource.objects.filter(topic_id=topic["number"], number__gt=len(topic["resources"])).delete()


def in_both(source: dict, *fields: str) -> dict:
    """Return the columns of these fields in both languages."""
    return {f"{field}_{language}": source[field][language] for field in fields for language in LANGUAGES}


def lines_in_both(field: str, lines: list[dict]) -> dict:
    """Return the columns of a field that holds one thing a line."""
    return {f"{field}_{language}": "\n".join(line[language] for line in lines) for language in LANGUAGES}

"""Addresses of the families' spaces: each page of a room is made for groups and for spaces from one list."""

from typing import NamedTuple

from accounts.routes import route
from partnerships.views import agreements, doors, ideas, leads, quotes, requests, spaces, themes, voices


class Page(NamedTuple):
    """One page inside a room; its name gets `group_` or `space_` before it."""

    pattern: str
    view: object
    name: str
    resource: str


POST = "<uuid:post>/"
REPLY = f"{POST}replies/<uuid:reply>/"


def words(pattern: str, view, name: str) -> list[Page]:
    """Return the page of something done with a text: of a post, and of an answer to one."""
    return [
        Page(f"{POST}{pattern}", view, name, "posts"),
        Page(f"{REPLY}{pattern}", view, f"reply_{name}", "posts"),
    ]


IDEAS = [
    Page("ideas/", ideas.room_ideas, "ideas", "posts"),
    Page("ideas/<uuid:idea>/", ideas.idea_step, "idea_step", "posts"),
    Page("ideas/<uuid:idea>/merge/", ideas.idea_merge, "idea_merge", "posts"),
    Page("ideas/<uuid:idea>/request/", requests.idea_request, "idea_request", "posts"),
    Page(f"{POST}idea/", ideas.post_idea, "post_idea", "posts"),
]
# In a group and in the space of its school alike.
ROOM = [
    Page("", voices.room_posts, "posts", "posts"),
    Page("new/", voices.post_new, "new", "posts"),
    Page("hidden/", voices.room_hidden, "hidden", "posts"),
    Page("members/", spaces.room_members, "members", "members"),
    Page(POST, voices.post_thread, "thread", "posts"),
    Page(f"{POST}react/", voices.post_react, "react", "posts"),
    *words("delete/", voices.words_delete, "delete"),
    *words("hide/", voices.words_hide, "hide"),
    *words("unhide/", voices.words_unhide, "unhide"),
    *words("translate/", voices.words_translate, "translate"),
    *words("review/", voices.words_review, "review"),
    *IDEAS,
    Page("voice/", quotes.room_voice, "voice", "posts"),
    Page(f"{POST}quote/", quotes.post_quote, "post_quote", "posts"),
]
AGREEMENT = "agreements/<uuid:agreement>/"
AGREEMENTS = [
    Page("agreements/", agreements.room_agreements, "agreements", "agreements"),
    Page("agreements/write/", agreements.agreement_write, "agreement_write", "agreements"),
    Page(f"{AGREEMENT}yes/", agreements.agreement_yes, "agreement_yes", "agreements"),
    Page(f"{AGREEMENT}again/", agreements.agreement_again, "agreement_again", "agreements"),
    Page(f"{AGREEMENT}translate/", agreements.agreement_translate, "agreement_translate", "agreements"),
    Page(
        f"{AGREEMENT}translations/<uuid:translation>/accept/",
        agreements.agreement_translation_accept,
        "agreement_translation_accept",
        "agreements",
    ),
    Page(f"{AGREEMENT}copy/", agreements.agreement_copy, "agreement_copy", "agreements"),
]
THEMES = [
    Page("themes/", themes.room_themes, "themes", "themes"),
    Page("themes/new/", themes.theme_new, "theme_new", "themes"),
    Page("themes/<uuid:theme>/keep/", themes.theme_keep, "theme_keep", "themes"),
    Page("themes/<uuid:theme>/send/", themes.theme_send, "theme_send", "themes"),
]
# In a group only.
GROUP = [
    Page("door/", doors.door_try, "door", "door trial"),
    *AGREEMENTS,
    *THEMES,
]
# In a space only.
SPACE = [
    Page("lead/", leads.space_lead, "lead", "outreach lead"),
    Page("lead/propose/", leads.lead_propose, "lead_propose", "outreach lead"),
]


def inside(prefix: str, kind: str, pages: list[Page]) -> list:
    """Declare pages of one kind of room; whoever facilitates acts as such."""
    return [
        route(
            f"{prefix}{page.pattern}",
            page.view,
            name=f"{kind}_{page.name}",
            resource=page.resource,
            audience="facilitator caregiver",
        )
        for page in pages
    ]


urlpatterns = [
    *inside("g/<uuid:group>/", "group", [*ROOM, *GROUP]),
    *inside("space/<slug:school>/", "space", [*ROOM, *SPACE]),
    route(
        "l/<slug:school>/agreements/",
        agreements.shared_agreements,
        name="shared_agreements",
        resource="shared agreements",
        audience="leader board coordinator",
    ),
    route(
        "l/<slug:school>/words/",
        quotes.shared_words,
        name="shared_words",
        resource="shared words",
        audience="leader board",
    ),
    route(
        "l/<slug:school>/lead/",
        leads.leader_lead,
        name="leader_lead",
        resource="outreach lead",
        audience="leader",
    ),
    route(
        "l/<slug:school>/themes/",
        themes.shared_themes,
        name="shared_themes",
        resource="shared themes",
        audience="leader board",
    ),
    route(
        "quotes/<uuid:quote>/",
        quotes.own_words,
        name="own_words",
        resource="own words",
        audience="facilitator caregiver",
    ),
]

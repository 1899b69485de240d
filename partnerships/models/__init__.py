"""The families' space of a school: its registers, what is written there, and what families chose to share of it."""

from partnerships.models.agreements import Agreement, AgreementVoice, Reaffirmation, SharedAgreement
from partnerships.models.doors import DoorTrial
from partnerships.models.ideas import Idea, IdeaSupport
from partnerships.models.leads import OutreachLead
from partnerships.models.quotes import Quote, SharedQuote
from partnerships.models.spaces import CaregiverSpace, Group, GroupMember
from partnerships.models.themes import SharedTheme, Theme, ThemeSource
from partnerships.models.voices import Authorship, Post, Reaction, Reply, Translation

# What is written in the spaces: row-level security guards each of these tables (migrations/0003_walls.py).
CONTENT = (
    Post,
    Reply,
    Authorship,
    Reaction,
    Translation,
    Agreement,
    AgreementVoice,
    Reaffirmation,
    Idea,
    IdeaSupport,
    Quote,
    Theme,
    ThemeSource,
)

__all__ = [
    "CONTENT",
    "Agreement",
    "AgreementVoice",
    "Authorship",
    "CaregiverSpace",
    "DoorTrial",
    "Group",
    "GroupMember",
    "Idea",
    "IdeaSupport",
    "OutreachLead",
    "Post",
    "Quote",
    "Reaction",
    "Reaffirmation",
    "Reply",
    "SharedAgreement",
    "SharedQuote",
    "SharedTheme",
    "Theme",
    "ThemeSource",
    "Translation",
]

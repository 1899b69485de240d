"""Families' spaces and what they share, the boards that consult them, and what the school owes them."""

from partnerships.models.agreements import Agreement, AgreementVoice, Reaffirmation, SharedAgreement
from partnerships.models.boards import Board, Election, Seat, SeatStep, SeatTerm, StepCount
from partnerships.models.commitments import Commitment, CommitmentStep, Resource
from partnerships.models.decisions import Consultation, Decision, NotConsulted, Receipt
from partnerships.models.doors import DoorTrial
from partnerships.models.ideas import Idea, IdeaSupport
from partnerships.models.leads import OutreachLead
from partnerships.models.meetings import Conversation, JointMeeting, MeetingRating, Question, SpeakingTally
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
    "Board",
    "CaregiverSpace",
    "Commitment",
    "CommitmentStep",
    "Consultation",
    "Conversation",
    "Decision",
    "DoorTrial",
    "Election",
    "Group",
    "GroupMember",
    "Idea",
    "IdeaSupport",
    "JointMeeting",
    "MeetingRating",
    "NotConsulted",
    "OutreachLead",
    "Post",
    "Question",
    "Quote",
    "Reaction",
    "Reaffirmation",
    "Receipt",
    "Reply",
    "Resource",
    "Seat",
    "SeatStep",
    "SeatTerm",
    "SharedAgreement",
    "SharedQuote",
    "SharedTheme",
    "SpeakingTally",
    "StepCount",
    "Theme",
    "ThemeSource",
    "Translation",
]

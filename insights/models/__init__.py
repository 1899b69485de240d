"""What is frozen for leaders, and what families say beside it."""

from insights.models.help_shown import HelpShown
from insights.models.methods import Finding, FindingSource, Question, ReleasedLine, Talk, TalkNote
from insights.models.packets import Packet, PacketLine
from insights.models.readings import FamiliesReading
from insights.models.reports import Report, SharedReport
from insights.models.scorecard import Evidence

__all__ = [
    "Evidence",
    "FamiliesReading",
    "Finding",
    "FindingSource",
    "HelpShown",
    "Packet",
    "PacketLine",
    "Question",
    "ReleasedLine",
    "Report",
    "SharedReport",
    "Talk",
    "TalkNote",
]

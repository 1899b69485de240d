"""What is frozen for leaders, and what families say beside it."""

from insights.models.help_shown import HelpShown
from insights.models.packets import Packet, PacketLine
from insights.models.readings import FamiliesReading

__all__ = ["FamiliesReading", "HelpShown", "Packet", "PacketLine"]

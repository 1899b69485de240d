"""Who belongs to a room."""

from django.views.decorators.http import require_safe

from notifications import clock
from partnerships.access.spaces import members
from partnerships.views.frame import in_room, show


@require_safe
@in_room
def room_members(request, room):
    """Show to every member who the members are."""
    found = members(room, at=clock.now())
    return show(request, room, "room_members", members=found, back_url=room.url("posts"))

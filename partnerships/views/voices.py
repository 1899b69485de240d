"""What is written in a room."""

from django.views.decorators.http import require_safe

from partnerships.views.frame import in_room, show


@require_safe
@in_room
def room_posts(request, room):
    """Show what was written here, newest first."""
    return show(request, room, "room_posts")

"""Addresses of this floor: families' rooms, boards and decisions, what the school owes, where both sides meet."""

from partnerships.urls import boards, meetings, rooms

urlpatterns = [*boards.urlpatterns, *meetings.urlpatterns, *rooms.urlpatterns]

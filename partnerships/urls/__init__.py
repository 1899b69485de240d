"""Addresses of this floor: families' rooms, boards and decisions, what the school owes, where both sides meet."""

from partnerships.urls import meetings, rooms

urlpatterns = [*meetings.urlpatterns, *rooms.urlpatterns]

"""Addresses of this floor: families' rooms, boards and decisions, what the school owes, where both sides meet."""

from partnerships.urls import commitments, boards, meetings, rooms

urlpatterns = [*commitments.urlpatterns, *boards.urlpatterns, *meetings.urlpatterns, *rooms.urlpatterns]

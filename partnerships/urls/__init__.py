"""Addresses of this floor: families' rooms, boards and decisions, what the school owes, where both sides meet."""

from partnerships.urls import boards, commitments, decisions, meetings, rooms

urlpatterns = [
    *boards.urlpatterns,
    *decisions.urlpatterns,
    *commitments.urlpatterns,
    *rooms.urlpatterns,
    *meetings.urlpatterns,
]

"""Addresses of boards: the coordinator's desk, the board's own pages, the way to a seat."""

from accounts.routes import route
from partnerships.views import board_room, boards, seats

DESK = "c/schools/<slug:school>/boards/"
DESK_PAGES = [
    ("", boards.board_list, "board_list"),
    ("new/", boards.board_new, "board_new"),
    ("<uuid:board>/", boards.board_desk, "board_desk"),
    ("<uuid:board>/settings/", boards.board_settings, "board_settings"),
    ("<uuid:board>/elections/", boards.board_elections, "board_elections"),
    ("<uuid:board>/seats/<uuid:seat>/", boards.board_seat, "board_seat"),
]
OWN_PAGES = [
    ("b/", board_room.board_home, "board_home"),
    ("b/<uuid:board>/", board_room.board_page, "board_page"),
    ("b/<uuid:board>/new/", board_room.board_new_decision, "board_new_decision"),
    ("b/<uuid:board>/<uuid:decision>/", board_room.board_decision, "board_decision"),
    ("b/<uuid:board>/<uuid:decision>/edit/", board_room.board_edit_decision, "board_edit_decision"),
]
urlpatterns = [
    *(
        route(f"{DESK}{pattern}", view, name=name, resource="boards", audience="coordinator")
        for pattern, view, name in DESK_PAGES
    ),
    *(route(pattern, view, name=name, resource="own board", audience="board") for pattern, view, name in OWN_PAGES),
    route(
        "seats/<slug:school>/",
        seats.seats_of_school,
        name="seats_of_school",
        resource="way to a seat",
        audience="facilitator caregiver",
    ),
    route("l/<slug:school>/seats/", seats.leader_seats, name="leader_seats", resource="seats", audience="leader"),
]

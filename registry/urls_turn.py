"""Addresses of the turn of a school year."""

from django.urls import path

from registry.views import turn, turn_school

urlpatterns = [
    path("turn/", turn.turns, name="turns"),
    path("turn/handings/", turn_school.turn_handings, name="turn_handings"),
    path("turn/<int:school_year>/", turn.turn, name="turn"),
    path("turn/<int:school_year>/progress/", turn.turn_progress, name="turn_progress"),
    path("turn/<int:school_year>/left/", turn_school.turn_left, name="turn_left"),
    path("turn/<int:school_year>/left/<int:item>/", turn_school.turn_item, name="turn_item"),
    path("turn/<int:school_year>/schools/<int:school>/", turn_school.turn_school, name="turn_school"),
    path("turn/<int:school_year>/<slug:turn_deed>/", turn.turn_deed, name="turn_deed"),
]

"""Addresses of the chain."""

from django.urls import path

from approvals.views import bulk, calendar, desk, messages, phrases, request, search, supervision

app_name = "approvals"
urlpatterns = [
    path("", desk.todo, name="desk"),
    path("done/", desk.done, name="done"),
    path("returned/", desk.returned, name="returned"),
    path("overdue/", desk.overdue, name="overdue"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/report/", bulk.report, name="bulk_report"),
    path("requests/<int:pk>/", request.show, name="request"),
    path("requests/<int:pk>/supervise/", supervision.supervision, name="supervision"),
    path("requests/<int:pk>/<str:move>/", request.move, name="move"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/digest/", messages.digest_address, name="digest_address"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("phrases/", phrases.phrases, name="phrases"),
    path("phrases/<int:pk>/", phrases.phrase, name="phrase"),
    path("search/", search.search, name="search"),
]

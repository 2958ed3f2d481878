"""Addresses of 小学、初中新生注册."""

from django.urls import path

from registry.views import entrants, entry

urlpatterns = [
    path("entry/", entry.batches, name="entry"),
    path("entry/open/", entry.open_batch, name="open_entry"),
    path("entry/template/", entry.template, name="entry_template"),
    path("entry/urging/", entry.followed, {"name": "entry_urging"}, name="entry_urging"),
    path("entry/deferrals/", entry.followed, {"name": "entry_deferrals"}, name="entry_deferrals"),
    path("entry/pending/", entry.followed, {"name": "entry_pending"}, name="entry_pending"),
    path("entry/<int:pk>/", entry.batch, name="entry_batch"),
    path("entry/<int:pk>/mark/", entry.mark, name="mark_entrants"),
    path("entry/<int:pk>/add/", entry.add, name="add_entrant"),
    path("entry/<int:pk>/graduates/", entry.take_up, name="take_up_graduates"),
    path("entry/<int:pk>/upload/", entry.upload, name="upload_entrants"),
    path("entry-uploads/<int:pk>/", entry.uploaded, name="entry_upload"),
    path("entry-uploads/<int:pk>/import/", entry.put_in, name="import_entrants"),
    path("entry-uploads/<int:pk>/marked/", entry.marked, name="entry_marked"),
    path("entrants/<int:pk>/", entrants.entrant, name="entrant"),
    path("entrants/<int:pk>/reveal/", entrants.reveal, name="reveal_entrant"),
    path("entrants/<int:pk>/change/", entrants.change, name="change_entrant"),
    path("entrants/<int:pk>/defer/", entrants.defer, name="defer_entrant"),
    path("entrants/<int:pk>/urge/", entrants.urge, name="urge_entrant"),
    path("entrants/<int:pk>/letter/", entrants.letter, name="township_letter"),
    path("entrants/<int:pk>/paper/", entrants.paper, name="township_paper"),
    path("entrants/<int:pk>/outcome/", entrants.outcome, name="entry_outcome"),
    path("entrants/<int:pk>/outside/", entrants.outside, name="close_outside"),
    path("entrants/<int:pk>/remove/", entrants.remove, name="remove_entrant"),
    path("entry-deferrals/<int:pk>/decide/", entrants.decide, name="decide_deferral"),
]

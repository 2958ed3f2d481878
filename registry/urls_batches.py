"""Addresses of the batches, their students, letters, forms and numbers."""

from django.urls import path

from registry.views import batches, candidates, documents, letters, numbers, orders

urlpatterns = [
    path("batches/", batches.batches, name="batches"),
    path("batches/open/", batches.open_batch, name="open_batch"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/mark/", batches.mark, name="mark"),
    path("batches/<int:pk>/take-up/", batches.take_up, name="take_up"),
    path("batches/<int:pk>/receipt/", batches.receipt, name="receipt"),
    path("batches/<int:pk>/intake/", batches.batch_intake, name="batch_intake"),
    path("batches/<int:pk>/reply/", numbers.reply, name="reply"),
    path("batches/<int:pk>/reply/record/", numbers.record_reply, name="record_reply"),
    path("batches/<int:pk>/bundle/", documents.bundle, name="bundle"),
    path("batches/<int:pk>/<slug:form>/", documents.annex, name="annex"),
    path("batches/<int:pk>/<slug:form>/<slug:format>/", documents.annex_file, name="annex_file"),
    path("annexes/", documents.annexes, name="annexes"),
    path("intake/", batches.intake, name="intake"),
    path("candidates/<int:pk>/", candidates.candidate, name="candidate"),
    path("candidates/<int:pk>/reported/", candidates.reported, name="reported"),
    path("candidates/<int:pk>/letter/", candidates.ask_letter, name="ask_letter"),
    path("candidates/<int:pk>/deferral/", candidates.defer, name="defer"),
    path("candidates/<int:pk>/hold/", candidates.hold, name="hold"),
    path("candidates/<int:pk>/reveal/", candidates.reveal, name="reveal"),
    path("candidates/<int:pk>/strike/", candidates.strike, name="strike"),
    path("candidates/<int:pk>/void/", numbers.void, name="void"),
    path("deferrals/<int:pk>/accept/", candidates.accept, name="accept"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/progress/", orders.order_progress, name="order_progress"),
    path("orders/<int:pk>/file/", orders.order_file, name="order_file"),
    path("letters/", letters.letters, name="letters"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/issue/", letters.issue_letter, name="issue_letter"),
    path("letters/<int:pk>/decline/", letters.decline_letter, name="decline_letter"),
    path("letters/<int:pk>/reveal/", letters.reveal_letter, name="reveal_letter"),
    path("letters/<int:pk>/paper/", letters.letter_paper, name="letter_paper"),
]

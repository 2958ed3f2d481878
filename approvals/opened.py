"""One request as its page reads it: with what every business shows of it, and where it lies on the reader's desk."""

from collections.abc import Hashable

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from approvals import desk
from approvals.kept_filter import queue_of
from approvals.kinds import kind_of
from approvals.models import DueChange, Entry, Request
from linxia_xueji.access import Access
from linxia_xueji.prepared import Question, hang, records


def opened(pk: int, access: Access, query: QueryDict) -> Request | None:
    """The request, or None where this person may not see it.

    `here`, `before` and `after` say where it lies among those the filter of the address lets through; on the whole desk
    where it is none of them. `due_moved`: whether its due date ever changed.
    """
    question, given = queue_of(query, access)
    found = records(_opened, access, question, given, of=(pk,))
    if found and not found[0].here and question is not desk.on_desk:
        found = records(_opened, access, desk.on_desk, (access,), of=(pk,))
    if not found:
        return None
    request = found[0]
    _name_offices(request)
    hang(request, "entries", records(_entries, of=(pk,)))
    kind_of(request).read(request)
    return request


def _opened(access: Access, question: Question, given: tuple[Hashable, ...], pk: int) -> QuerySet[Request]:
    moved = Exists(DueChange.objects.filter(request=OuterRef("pk")))
    seen = desk.placed(Request.objects.open_to(access).filter(pk=pk), question(*given)).annotate(due_moved=moved)
    return seen.select_related("school__parent__parent__parent", "submitted_by").order_by()


def _name_offices(request: Request) -> None:
    """Whose turn it is and who runs the school are nearly always above the school, and need no joins of their own."""
    above = {organisation.pk: organisation for organisation in request.school.ancestors()}
    for name in ("turn_organisation", "prefecture"):
        if (known := above.get(getattr(request, f"{name}_id"))) is not None:
            setattr(request, name, known)


def _entries(request: int) -> QuerySet[Entry]:
    return Entry.objects.filter(request=request).select_related("by", "organisation")

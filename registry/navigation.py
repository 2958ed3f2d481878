"""The places of batches, letters and forms in the frame, their notices on the desk, and who answers the search."""

from datetime import date

from django.urls import reverse

from approvals.desk import add_notice
from approvals.enums import State
from approvals.search import add_search
from linxia_xueji.access import Access
from linxia_xueji.enums import Permission
from linxia_xueji.navigation import Place, add_place
from registry.batch_page import deadline_notice
from registry.elsewhere import registered_elsewhere
from registry.letters import to_issue
from registry.models import EnrolmentBatch
from registry.search import numbers, students


def _reads(access: Access) -> bool:
    return access.has(Permission.VIEW_REGISTER)


def places() -> None:
    """Make all of them known; called when the app is ready."""
    add_place(Place("新生", 10, "新生学籍注册", "registry:batches", _reads))
    add_place(
        Place("新生", 20, "更正便函", "registry:letters", _reads, waiting=lambda access, on: to_issue(access), hot=True)
    )
    add_place(Place("新生", 30, "招生调档", "registry:intake", _reads))
    add_place(Place("查询与报表", 20, "附件1 · 附件2", "registry:annexes", _reads))
    add_notice(notices)
    add_search(students)
    add_search(numbers)
    add_search(registered_elsewhere)


def notices(user, access: Access, on: date) -> list[dict[str, str]]:
    """The closing day, to the registrar of a school whose batch has not been submitted."""
    schools = access.organisations(Permission.PREPARE_BUSINESS)
    if not schools:
        return []
    drafts = EnrolmentBatch.objects.filter(school__in=schools, request__state=State.DRAFT, request__submitted_on=None)
    drafts = drafts.select_related("request", "school__parent__parent__parent")
    return [
        {"tone": "warn", "text": words, "link": "打开批次", "link_url": reverse("registry:batch", args=[batch.pk])}
        for batch in drafts
        if (words := deadline_notice(batch, on))
    ]

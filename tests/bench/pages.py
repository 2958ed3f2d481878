"""Pages as several roles open them, beside the bare view: `python -m tests.bench.pages` in the bench's environment."""

import json
import os
import statistics
import sys
import time

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))


def portal() -> None:
    """Set Django up with the floor among its addresses."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linxia_xueji.settings")
    settings.ROOT_URLCONF = "tests.bench.floor"
    django.setup()


def _client(user=None):
    from django.test import Client

    client = Client(raise_request_exception=True)
    if user:
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def _pages() -> dict[str, tuple]:
    """Name → (user name, address, what is posted)."""
    from approvals.models import Request
    from linxia_xueji.models import User
    from registry.models import Candidate, IssuedNumber

    open_ = Request.objects.filter(state="pending")
    voiding = open_.filter(kind="number_voiding", turn_level="county").order_by("pk").first()
    county = voiding.turn_organisation.code
    reviewer = f"county_reviewer-{county}"
    batch = (
        open_.filter(kind="enrolment_batch", turn_level="prefecture").first()
        or open_.filter(kind="enrolment_batch").first()
    )
    pupil = Candidate.objects.filter(batch__request__county__code=county).order_by("pk").first()
    registrar = f"registrar-{pupil.school.code}"
    number = IssuedNumber.objects.filter(enrolment=pupil.enrolment_id).first()
    assert not User.objects.filter(is_superuser=True).exists()
    return {
        "工作台（州学管中心）": ("centre", "/", None),
        "工作台（县级审核员）": (reviewer, "/", None),
        "待办筛选（州，学号作废）": ("centre", "/?kind=number_voiding", None),
        "超期与督办（县）": (reviewer, "/overdue/", None),
        "审批页（学号作废，县）": (reviewer, f"/requests/{voiding.pk}/", None),
        "审批页（50人批次，州）": ("centre", f"/requests/{batch.pk}/", None),
        "学生页（学校）": (registrar, f"/candidates/{pupil.pk}/", None),
        "查学生：姓名（学校）": (registrar, "/search/", {"q": pupil.name}),
        "查学生：姓名（县）": (reviewer, "/search/", {"q": pupil.name}),
        "查学生：姓名（州）": ("centre", "/search/", {"q": pupil.name}),
        "查学生：名中两字（县）": (reviewer, "/search/", {"q": pupil.name[-2:]}),
        "查学生：“马”一字（州）": ("centre", "/search/", {"q": "马"}),
        "查学生：学号（州）": ("centre", "/search/", {"q": number.number}),
        "查学生：身份证号（州）": ("centre", "/search/", {"q": pupil.id_number.reveal()}),
        "查受理号末四位（州）": ("centre", "/search/", {"q": voiding.number[-4:]}),
        "查学生：查无此人（州）": ("centre", "/search/", {"q": "龘龘"}),
    }


def measure() -> dict:
    """Milliseconds (median) and queries of each page and of the floor; rounds go through all of them in turn."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext, override_settings

    from linxia_xueji.models import User

    with override_settings(MIDDLEWARE=[]):
        floor = _client()
        floor.handler.load_middleware()
        floor.get("/bench-floor/")
    pages = _pages()
    users = {name: User.objects.get(username=name) for name in {name for name, _, _ in pages.values()}}
    clients = {name: _client(user) for name, user in users.items()}

    def ask(name: str):
        if name == "floor":
            return floor.get("/bench-floor/")
        who, address, posted = pages[name]
        return clients[who].post(address, posted) if posted else clients[who].get(address)

    queries, times = {}, {name: [] for name in ("floor", *pages)}
    for name in times:
        ask(name)
        with CaptureQueriesContext(connection) as captured:
            response = ask(name)
        assert response.status_code == 200, (name, response.status_code)
        queries[name] = len(captured)
        if os.environ.get("BENCH_SQL") == name:
            for query in captured:
                print(query["time"], query["sql"][:700], file=sys.stderr)
    for _ in range(ROUNDS):
        for name in times:
            begun = time.perf_counter()
            ask(name)
            times[name].append((time.perf_counter() - begun) * 1000)
    return {name: {"ms": statistics.median(times[name]), "queries": queries[name]} for name in times}


if __name__ == "__main__":
    portal()
    json.dump(measure(), sys.stdout)

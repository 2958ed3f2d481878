"""批量通过: only what passes every rule, each listed, judged anew, moved by itself and reported by name."""

from datetime import date

import pytest
from django.urls import reverse

from approvals.bulk import CAP
from approvals.chain import advance
from approvals.enums import Move, State
from approvals.models import Entry, Request
from linxia_xueji.enums import Role
from registry.kinds import ENROLMENT_BATCH
from tests.ground.test_doors_sign_in import age
from tests.transfers.support import announce_terms, filed, pupil, see_originals, through, with_papers
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_SCHOOL, PREFECTURE
from transfers.enums import SuspensionReason
from transfers.models import Suspension

BULK, REPORT, DESK = (reverse(f"approvals:{name}") for name in ("bulk", "bulk_report", "desk"))


def suspended(world, count: int, *, steps: int = 0) -> list[Request]:
    """Suspensions of junior pupils, on the desk of the head, or so many steps on."""
    announce_terms(world)
    made = []
    for n in range(1, count + 1):
        enrolment = pupil(world, COUNTY_SCHOOL, grade=8, stage="junior", serial=n, name=f"马小{'一二三四'[n - 1]}")
        detail = Suspension(starts_on=date(2026, 9, 17), ends_on=date(2027, 8, 31), cause=SuspensionReason.ILLNESS)
        made.append(
            through(
                world,
                with_papers(world, filed(world, "suspension", enrolment, detail, applied_on=world.day)),
                steps=steps,
            )
        )
        see_originals(world, made[-1])
    return made


def ticked(*requests: Request) -> dict[str, list[str]]:
    return {"item": [f"{request.pk}:{request.version}" for request in requests]}


def states(*requests: Request) -> list[str]:
    return [Request.objects.get(pk=request.pk).state for request in requests]


def test_signed_out_goes_to_the_sign_in_page(world, client):
    made = ticked(*suspended(world, 1))
    assert client.get(BULK, made).url.startswith("/login/")
    assert client.post(BULK, made).url.startswith("/login/")
    assert client.get(REPORT).url.startswith("/login/")


@pytest.mark.parametrize(
    ("role", "code"), [(Role.HEAD, OTHER_SCHOOL), (Role.REGISTRAR, COUNTY_SCHOOL), (Role.ACCOUNT_ADMIN, PREFECTURE)]
)
def test_a_stranger_finds_nothing(world, client, role, code):
    made = suspended(world, 1)
    client.force_login(world.user(role, code))
    assert client.get(BULK, ticked(*made)).status_code == client.post(BULK, ticked(*made)).status_code == 404
    assert states(*made) == [State.PENDING]


def test_the_desk_offers_boxes_for_what_passes_and_says_why_not(world, client):
    good, doubtful = suspended(world, 2)
    Request.objects.filter(pk=doubtful.pk).update(verdict="discretion", verdict_text="1项待人工核对")
    batch = world.batch(1)
    world.advance(batch, "submit", world.registrar())
    client.force_login(world.head())
    page = client.get(DESK).content.decode()
    assert f'value="{good.pk}:{good.version}"' in page
    assert page.count('name="item"') == 1 and page.count("disabled><span") == 2
    assert "核验没有全部符合" in page and f"{ENROLMENT_BATCH.label}须逐件审核" in page


def test_a_desk_without_such_a_request_has_no_boxes(world, client):
    world.advance(world.batch(1), "submit", world.registrar())
    client.force_login(world.head())
    assert "data-bulk" not in client.get(DESK).content.decode()


def test_each_is_listed_then_approved_and_reported_by_name(world, client):
    made = suspended(world, 2)
    client.force_login(world.head())
    page = client.get(BULK, ticked(*made)).content.decode()
    assert "确认通过2件" in page and all(request.number in page and request.subject in page for request in made)
    assert states(*made) == [State.PENDING] * 2 and not Entry.objects.filter(move=Move.APPROVE).exists()
    answer = client.post(BULK, ticked(*made), follow=True)
    assert answer.redirect_chain == [(REPORT, 302)]
    shown = answer.content.decode()
    assert "成功2件 / 未办0件" in shown and made[0].subject in shown
    assert Entry.objects.filter(move=Move.APPROVE, by=world.head()).count() == 2


def test_the_filter_of_the_desk_goes_along_and_comes_back(world, client):
    made, kept = suspended(world, 1), "?kind=suspension"
    client.force_login(world.head())
    assert '<input type="hidden" name="kind" value="suspension">' in client.get(DESK + kept).content.decode()
    page = client.get(BULK, ticked(*made) | {"kind": "suspension"}).content.decode()
    assert f'action="{BULK}{kept}"' in page and f'href="{DESK}{kept}"' in page
    answer = client.post(BULK + kept, ticked(*made), follow=True)
    assert answer.redirect_chain == [(REPORT + kept, 302)] and f'href="{DESK}{kept}"' in answer.content.decode()


def test_what_moved_meanwhile_is_named_and_the_rest_is_done(world, client):
    first, second = suspended(world, 2)
    before = ticked(first, second)
    advance(request=first, move="send_back", by=world.head(), note="缺证明，请补", on=world.day)
    client.force_login(world.head())
    answer = client.post(BULK, before, follow=True)
    shown = answer.content.decode()
    assert "成功1件 / 未办1件" in shown and f"{world.head().full_name}于" in shown and first.subject in shown
    assert states(first, second) == [State.RETURNED, State.PENDING]


def test_each_is_judged_again(world, client):
    first, second = suspended(world, 2)
    first.change.proofs.all().delete()
    client.force_login(world.head())
    assert "确认通过1件" in client.get(BULK, ticked(first, second)).content.decode()
    shown = client.post(BULK, ticked(first, second), follow=True).content.decode()
    assert "成功1件 / 未办1件" in shown and "不符合“" in shown


def test_batches_never(world, client):
    batch = world.batch(1)
    world.advance(batch, "submit", world.registrar())
    request = Request.objects.get(pk=batch.request_id)
    client.force_login(world.head())
    page = client.get(BULK, ticked(request)).content.decode()
    assert f"{ENROLMENT_BATCH.label}须逐件审核" in page and "确认通过" not in page
    assert "成功0件 / 未办1件" in client.post(BULK, ticked(request), follow=True).content.decode()
    assert states(request) == [State.PENDING]


def test_a_final_one_asks_for_the_password(world, client):
    (last,) = suspended(world, 1, steps=1)
    client.force_login(world.user(Role.COUNTY_REVIEWER, COUNTY))
    age(client, confirmed=1200)
    assert "再次确认身份" in client.post(BULK, ticked(last)).content.decode()
    assert states(last) == [State.PENDING]
    answer = client.post(BULK, ticked(last) | {"login_password": "correct horse"}, follow=True)
    assert "成功1件" in answer.content.decode() and states(last) == [State.APPROVED]


def test_nothing_ticked_and_too_many(world, client):
    client.force_login(world.head())
    assert "没有勾选任何一件" in client.get(BULK).content.decode()
    assert client.get(REPORT).url == DESK
    many = {"item": [f"{n}:1" for n in range(1, CAP + 2)] + ["x", "1:", "9" * 30 + ":1"]}
    answer = client.get(BULK, many)
    assert answer.status_code == 422 and f"一次最多批量通过{CAP}件，现选了{CAP + 1}件" in answer.content.decode()

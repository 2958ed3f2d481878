"""国网省网比对 on its pages: the centre compares, each office finds its own, nobody else finds anything."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from registry.comparing import tasks
from registry.models import ColumnMapping, Comparison, Difference, Feedback, Pair, Paper
from tests.registry.comparing.small import compared, files, opened
from tests.transfers.support import announce_terms
from tests.world import COUNTY, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL

LIST, TREND, PAIRS = (reverse(f"registry:{name}") for name in ("comparisons", "comparison_trend", "comparison_pairs"))


def url(name: str, *args) -> str:
    return reverse(f"registry:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def test_signed_out_and_strangers(world, client):
    done = compared(world, *files())
    one, pair, told = Difference.objects.first(), Pair.objects.get(), Feedback.objects.get(school__code=COUNTY)
    reads = [
        url("comparison", done.pk),
        url("comparison_progress", done.pk),
        url("differences", done.pk),
        url("difference", one.pk),
    ]
    posts = [
        url("comparison_run", done.pk), url("comparison_upload", done.pk, "national"), url("comparison_columns", done.pk, "national"),
        url("reveal_difference", one.pk), url("comparison_pair", pair.pk), url("feedback_letter", told.pk), url("feedback_file", told.pk),
        url("difference", one.pk),
    ]  # fmt: skip
    for address in (LIST, TREND, PAIRS, *reads):
        assert client.get(address).headers["Location"].startswith(reverse("login"))
    busy = compared(world, *files())
    for role, code in (
        (Role.REGISTRAR, OTHER_SCHOOL),
        (Role.HEAD, PREFECTURE_SCHOOL),
        (Role.ACCOUNT_ADMIN, PREFECTURE),
    ):
        client.force_login(world.user(role, code))
        assert {client.get(address).status_code for address in reads} == {404}, role
        assert {client.post(address, {"note": "x"}).status_code for address in posts} == {404}, role
        assert client.get(LIST).status_code == (404 if role == Role.ACCOUNT_ADMIN else 200)
    client.force_login(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    assert client.get(url("comparison", busy.pk)).status_code == 200  # its own feedback: nothing differs there
    assert "马错名" not in text(client.get(url("differences", busy.pk)))
    assert {client.post(address, {"note": "x"}).status_code for address in posts} == {404}
    assert client.post(LIST, {"term": "2026-autumn"}).status_code == 404


def test_the_centre_compares(world, client):
    announce_terms(world)
    client.force_login(world.centre)
    assert "2026学年秋季学期" in text(client.get(LIST))
    assert client.post(LIST, {"term": "1999-autumn"}).status_code == 422
    made = client.post(LIST, {"term": "2026-autumn"})
    done = Comparison.objects.get()
    page = url("comparison", done.pk)
    assert made.headers["Location"] == page and str(done) == "2026学年秋季学期第一次比对"
    assert client.post(LIST, {"term": "2026-autumn"}).status_code == 422
    assert "请先上传国网名册" in text(client.get(page))
    assert "请先上传国网名册" in text(client.post(url("comparison_run", done.pk)))
    for system, content in zip(("national", "provincial"), files(), strict=True):
        columns, upload = url("comparison_columns", done.pk, system), url("comparison_upload", done.pk, system)
        assert client.post(upload, {"file": SimpleUploadedFile("x.xlsx", b"no")}).status_code == 422
        assert client.post(upload, {"file": SimpleUploadedFile("x.xlsx", content)}).headers["Location"] == columns
        shown = text(client.get(columns))
        assert "A列 " in shown and "G6229" in shown and "*" in shown
        assert client.post(columns, {"name": "1", "mapping": "x"}).status_code == 422
        proposed = done.files.get(system=system).columns
        assert client.post(columns, proposed | {"mapping": f"{system}9月"}).headers["Location"] == page
    assert ColumnMapping.objects.count() == 2
    assert client.post(url("comparison_run", done.pk)).status_code == 302
    assert "等待" in text(client.get(url("comparison_progress", done.pk)))
    assert (
        client.post(
            url("comparison_upload", done.pk, "national"), {"file": SimpleUploadedFile("x.xlsx", files()[0])}
        ).status_code
        == 422
    )
    tasks.run_comparison(done.pk)
    shown = text(client.get(page))
    assert "国网4人，省网3人" in shown and "广河县" in shown and "信息不一致" in shown
    assert "本次新增" in text(client.get(TREND)) and "第一次比对" in text(client.get(LIST))
    # The same headers again: nothing to map.
    client.post(LIST, {"term": "2026-autumn"})
    second = Comparison.objects.latest("pk")
    sent = client.post(
        url("comparison_upload", second.pk, "national"), {"file": SimpleUploadedFile("x.xlsx", files()[0])}, follow=True
    )
    assert "按“national9月”对应列" in text(sent)


@pytest.mark.parametrize("who", ["registrar", "head", "county"])
def test_an_office_sees_to_its_own(world, client, who):
    done = compared(world, *files())
    user = getattr(world, who)
    client.force_login(user() if callable(user) else user)
    shown = text(client.get(url("differences", done.pk), {"kind": "field", "state": "open", "school": "广河"}))
    assert "马错名" in shown and "马兰" in shown
    one = Difference.objects.get(kind="field", field="name")
    page = url("difference", one.pk)
    assert (
        "三处对照" in text(client.get(page))
        and "622924" in text(client.get(page))
        and one.id_number.reveal() not in text(client.get(page))
    )
    assert client.post(page, {"note": " ", "mended_in": ""}).status_code == 422
    assert client.post(page, {"note": "x", "mended_in": "register"}).status_code == 422
    assert client.post(page, {"note": "已在省网提交更正", "mended_in": "provincial"}).status_code == 302
    assert "已在省网改正，待下次比对" in text(client.get(page))
    assert one.id_number.reveal() in text(client.post(url("reveal_difference", one.pk)))
    assert TrailEntry.objects.filter(action="显示完整身份证号").count() == 1
    mended = compared(world, *files({}))
    one.refresh_from_db()
    assert (
        one.closed_in == mended
        and "第二次比对" in text(client.get(page))
        and "待下次比对" not in text(client.get(page))
    )
    assert client.post(page, {"note": "x"}).status_code == 422
    assert "马错名" not in text(client.get(url("differences", mended.pk)))


def test_letter_and_excel_of_a_county(world, client):
    compared(world, *files())
    told = Feedback.objects.get(school__code=COUNTY)
    assert told.standing == Difference.objects.filter(county__code=COUNTY).count() and told.due_on
    client.force_login(world.county)
    pdf = client.post(url("feedback_letter", told.pk))
    assert pdf.content.startswith(b"%PDF") and Paper.objects.get().feedback == told
    code = Paper.objects.get().code
    assert "现行" in text(client.get(reverse("registry:check"), {"code": code})) or "现行" in text(
        client.get(reverse("registry:check_code", args=[code]))
    )
    sheet = load_workbook(BytesIO(client.post(url("feedback_file", told.pk)).content)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert len(rows) == told.standing and any("马错名" in row for row in rows) and sheet["D3"].data_type == "s"
    assert set(TrailEntry.objects.values_list("action", flat=True)) >= {"导出比对结果反馈函", "导出比对差异"}


def test_pairs_are_decided(world, client):
    compared(world, *files())
    pair = Pair.objects.get()
    client.force_login(world.registrar())
    assert "马同名" in text(client.get(PAIRS)) and 'name="decision"' not in text(client.get(PAIRS))
    assert client.post(url("comparison_pair", pair.pk), {"decision": "same", "reason": "户口簿"}).status_code == 422
    client.force_login(world.county)
    assert client.post(url("comparison_pair", pair.pk), {"decision": "same", "reason": ""}).status_code == 422
    assert client.post(url("comparison_pair", pair.pk), {"decision": "same", "reason": "户口簿一致"}).status_code == 302
    assert "是同一人" in text(client.get(PAIRS))


def test_the_number_of_queries_does_not_grow(world, client, django_assert_max_num_queries):
    done = compared(world, *files())
    client.force_login(world.centre)
    for address in (url("comparison", done.pk), url("differences", done.pk), LIST, TREND, PAIRS):
        client.get(address)
        with django_assert_max_num_queries(20):
            client.get(address)


def test_a_file_that_is_gone_is_told(world):
    made = opened(world, *files())
    made.files.filter(system="national").update(file=made.files.get(system="provincial").file, sheet="没有")
    Comparison.objects.filter(pk=made.pk).update(state="waiting")
    tasks.run_comparison(made.pk)
    made.refresh_from_db()
    assert made.state == "open" and "国网" in made.error

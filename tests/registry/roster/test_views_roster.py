"""在校生名册 on its pages: a school uploads and checks, the authority above imports, nobody else finds anything."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linxia_xueji.enums import Role
from linxia_xueji.models import TrailEntry
from registry.enums import UploadState
from registry.models import Enrolment, RosterUpload
from registry.roster import tasks
from registry.roster.staging import receive, stage
from tests.registry.roster.export import export, pupil
from tests.registry.roster.test_roster import load
from tests.world import COUNTY_SCHOOL, DAY, OTHER_SCHOOL, PREFECTURE

LIST = reverse("registry:rosters")


def roster(world, rows=None) -> RosterUpload:
    rows = rows or [pupil(1), pupil(2, 性别="?"), pupil(3, 年级="高三")]
    upload = receive(
        content=export(rows), name="名册.xlsx", organisation=world.organisation(COUNTY_SCHOOL), by=world.registrar()
    )
    stage(upload, on=DAY)
    return upload


def page(upload, name="roster") -> str:
    return reverse(f"registry:{name}", args=[upload.pk])


def test_signed_out_and_strangers(world, client):
    upload = roster(world)
    assert client.get(LIST).headers["Location"].startswith(reverse("login"))
    for role, code in ((Role.REGISTRAR, OTHER_SCHOOL), (Role.AUDITOR, PREFECTURE), (Role.HEAD, COUNTY_SCHOOL)):
        client.force_login(world.user(role, code))
        assert client.get(page(upload)).status_code == client.post(page(upload, "roster_import")).status_code == 404
        assert client.post(page(upload, "roster_undo"), {"sure": "on"}).status_code == 404
        assert client.get(LIST).status_code == (200 if role == Role.REGISTRAR else 404)


def test_a_registrar_uploads_and_the_worker_checks(world, client):
    client.force_login(world.registrar())
    response = client.post(LIST, {"file": SimpleUploadedFile("名册.xlsx", export([pupil(1)]))})
    upload = RosterUpload.objects.get()
    assert response.headers["Location"] == page(upload)
    assert "等待检查" in client.get(page(upload)).content.decode()
    tasks.check_roster(upload.pk)
    text = client.get(page(upload, "roster_progress")).content.decode()
    assert "1行全部无误" in text and "由主管的县教育局或州学管中心导入" in text and "年级按入学年月推算" in text
    assert "全国学籍系统模板 1.x（假定）的71列齐全" in text
    wrong = client.post(LIST, {"file": SimpleUploadedFile("名册.xlsx", b"no workbook")})
    assert wrong.status_code == 422 and "不是.xlsx工作簿" in wrong.content.decode()


def test_the_county_imports_what_is_sound(world, client):
    upload = roster(world)
    client.force_login(world.registrar())
    assert client.post(page(upload, "roster_import"), {"only_clean": "on"}).status_code == 422
    client.force_login(world.county)
    text = client.get(page(upload)).content.decode()
    assert "1行有1处错误" in text and "推算应为高二" in text and "只导入无误的2行" in text
    assert client.post(page(upload, "roster_import")).status_code == 422
    assert client.post(page(upload, "roster_import"), {"only_clean": "on"}).status_code == 302
    tasks.import_roster(upload.pk, world.county.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.IMPORTED and Enrolment.objects.count() == 2
    assert "新增2人" in client.get(page(upload)).content.decode()
    assert "名册.xlsx" in client.get(LIST).content.decode()


def test_what_grew_old_is_shown_again(world):
    first, second = roster(world, [pupil(1)]), roster(world, [pupil(1)])
    for upload in (first, second):
        tasks.import_later(upload, by=world.county, only_clean=False)
        tasks.import_roster(upload.pk, world.county.pk)
    second.refresh_from_db()
    assert second.state == UploadState.CHECKED and "学籍有变化" in second.error and second.summary["same"] == 1


def test_the_marked_file_is_recorded(world, client):
    upload = roster(world)
    client.force_login(world.registrar())
    response = client.post(page(upload, "roster_marked"))
    assert response.status_code == 200 and response.content[:2] == b"PK"
    assert TrailEntry.objects.get(action="下载在校生名册").by == world.registrar()


def test_an_import_is_taken_back_by_express_confirmation(world, client):
    upload = load(world, [pupil(1)])
    client.force_login(world.registrar())
    assert "确认撤销" not in client.get(page(upload)).content.decode()
    assert client.post(page(upload, "roster_undo"), {"sure": "on"}).status_code == 422
    client.force_login(world.county)
    assert "确认撤销" in client.get(page(upload)).content.decode()
    assert client.post(page(upload, "roster_undo")).status_code == 422
    assert client.post(page(upload, "roster_undo"), {"sure": "on"}).url == page(upload)
    assert not Enrolment.objects.exists() and "撤销此次导入" in client.get(page(upload)).content.decode()
    uploads = client.get(LIST).content.decode()
    assert "已撤销" in uploads and "已导入" not in uploads

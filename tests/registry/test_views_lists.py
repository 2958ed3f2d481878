"""Pages of lists, plans, settings, clauses and the trail: signed out, a stranger, success, refusal."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from linxia_xueji import policy
from linxia_xueji.enums import Role
from linxia_xueji.models import PolicyValue, TrailEntry, User
from linxia_xueji.policy import SETTINGS
from linxia_xueji.reference import notice
from registry.admissions.columns import COLUMNS
from registry.admissions.tasks import check_upload, import_upload
from registry.enums import UploadState
from registry.models import Admission, AdmissionPlan, AdmissionUpload, Intake, Reopening
from tests.world import COUNTY, COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL, PREFECTURE, PREFECTURE_SCHOOL, id_number

HEADER = [column.header for column in COLUMNS]
PLAIN_NUMBER = re.compile(r"\d{15,17}[\dX]|\d{17}")
OPEN_PAGES = ["registry:plans", "registry:policy", "registry:clauses"]
CLOSED_PAGES = ["registry:uploads", "registry:upload_template", "registry:trail"]


@pytest.fixture
def browse(world, client):
    """A client signed in as somebody: of a role at an organisation."""

    def sign_in(user: User) -> Client:
        signed = Client()
        signed.force_login(user)
        return signed

    return sign_in


@pytest.fixture
def centre(world, browse) -> Client:
    return browse(world.centre)


@pytest.fixture
def stranger(world, browse) -> Client:
    return browse(world.head(OTHER_SCHOOL))


def student(n: int, **changes: object) -> list[object]:
    """A row of the list; an invented student without fault."""
    row = {
        "序号": str(n), "准考证号": f"2613{n:06d}", "姓名": f"马海{chr(0x4E00 + n)}", "性别": "男", "民族": "东乡族",
        "出生日期": "2010-03-05", "身份证号": id_number(n), "报名县市": "广河县", "录取学校": COUNTY_SCHOOL, "中考成绩": 512.5,
    }  # fmt: skip
    return [(row | changes)[header] for header in HEADER]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in [HEADER, *rows]:
        book.active.append(row)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def send(client: Client, content: bytes, name: str = "名单.xlsx", year: int = 2026):
    return client.post(reverse("registry:uploads"), {"year": year, "file": SimpleUploadedFile(name, content)})


@pytest.fixture
def uploaded(centre):
    """Upload a list through its page and let the worker check it."""

    def uploaded(*rows: list[object], content: bytes | None = None) -> AdmissionUpload:
        answer = send(centre, content or workbook(list(rows)))
        upload = AdmissionUpload.objects.latest("pk")
        assert answer.status_code == 302 and answer.url == reverse("registry:upload", args=[upload.pk])
        check_upload(upload_id=upload.pk)
        upload.refresh_from_db()
        return upload

    return uploaded


def do_import(upload: AdmissionUpload, client: Client, **data: str):
    answer = client.post(reverse("registry:upload_import", args=[upload.pk]), data)
    if answer.status_code == 302:
        user = User.objects.get(pk=client.session["_auth_user_id"])
        import_upload(upload_id=upload.pk, user_id=user.pk)
    upload.refresh_from_db()
    return answer


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# Who may look


@pytest.mark.parametrize("name", [*OPEN_PAGES, *CLOSED_PAGES])
def test_signed_out_people_are_sent_to_sign_in(client, db, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 302 and answer.url.startswith(reverse("login"))


@pytest.mark.parametrize("name", CLOSED_PAGES)
def test_a_stranger_does_not_find_the_closed_pages(stranger, name):
    assert stranger.get(reverse(name)).status_code == 404


def test_every_page_of_an_upload_is_closed_to_others(uploaded, client, browse, world):
    upload = uploaded(student(1))
    people = [world.registrar(), world.county, world.province, world.user(Role.AUDITOR, PREFECTURE)]
    for name in ("upload", "upload_progress"):
        url = reverse(f"registry:{name}", args=[upload.pk])
        assert client.get(url).status_code == 302
        assert [browse(person).get(url).status_code for person in people] == [404] * 4
    for name in ("upload_import", "upload_marked", "upload_rest"):
        url = reverse(f"registry:{name}", args=[upload.pk])
        assert client.post(url).status_code == 302
        assert [browse(person).post(url).status_code for person in people] == [404] * 4
    assert not Admission.objects.exists()


def test_a_get_changes_nothing(uploaded, centre):
    upload = uploaded(student(1))
    for name in ("upload_import", "upload_marked", "upload_rest"):
        assert centre.get(reverse(f"registry:{name}", args=[upload.pk])).status_code == 405
    assert centre.get(reverse("registry:reopen")).status_code == 405


def test_the_account_administrator_sees_no_register(browse, world):
    admin = browse(world.user(Role.ACCOUNT_ADMIN, PREFECTURE))
    assert [admin.get(reverse(f"registry:{name}")).status_code for name in ("plans", "policy")] == [404, 404]
    assert admin.get(reverse("registry:clauses")).status_code == 200


def test_the_navigation_shows_what_one_may_use(centre, stranger):
    mine, theirs = text_of(centre.get(reverse("registry:plans"))), text_of(stranger.get(reverse("registry:plans")))
    address = reverse("registry:uploads")
    assert f'href="{address}"' in mine and f'href="{address}"' not in theirs
    assert f'href="{reverse("registry:clauses")}"' in theirs


def test_the_navigation_shows_which_list_a_page_belongs_to(uploaded, centre):
    address = reverse("registry:uploads")
    assert f'<a href="{address}" aria-current="page">' in text_of(centre.get(address))
    below = text_of(centre.get(reverse("registry:upload", args=[uploaded(student(1)).pk])))
    assert (
        f'<a href="{address}" aria-current="true">' in below and 'aria-current="page">' not in below.split("</nav>")[0]
    )


# The admission list


def test_a_list_without_fault_is_uploaded_checked_and_imported(uploaded, centre):
    upload = uploaded(student(1), student(2))
    page = text_of(centre.get(reverse("registry:upload", args=[upload.pk])))
    assert "2行全部无误" in page and "导入全部2行" in page and "hx-get" not in page
    assert do_import(upload, centre).status_code == 302
    assert upload.state == UploadState.IMPORTED and Admission.objects.count() == 2
    assert "导入：新增2人，变更0人" in text_of(centre.get(reverse("registry:upload", args=[upload.pk])))
    assert TrailEntry.objects.filter(action="导入录取名单").count() == 1


def test_a_waiting_upload_polls_and_reloads_without_script(centre):
    send(centre, workbook([student(1)]))
    upload = AdmissionUpload.objects.get()
    page = text_of(centre.get(reverse("registry:upload", args=[upload.pk])))
    polled = reverse("registry:upload_progress", args=[upload.pk])
    assert f'hx-get="{polled}" hx-trigger="load delay:1s"' in page and 'http-equiv="refresh" content="3"' in page
    assert "<html" not in text_of(centre.get(polled)) and "hx-get" in text_of(centre.get(polled))
    AdmissionUpload.objects.update(state=UploadState.CHECKING, done=500, total=1000)
    assert "500 / 1000 行" in text_of(centre.get(polled))


def test_the_last_part_polls_no_more_speaks_and_brings_the_buttons(uploaded, centre):
    upload = uploaded(student(1))
    part = text_of(centre.get(reverse("registry:upload_progress", args=[upload.pk])))
    assert "hx-get" not in part and 'data-say="检查完成"' in part
    assert 'hx-swap-oob="true"' in part and "导入全部1行" in part


def test_faults_are_listed_and_no_identity_number_is_plain(uploaded, centre):
    wrong = id_number(2)[:-1] + ("1" if id_number(2)[-1] != "1" else "2")
    upload = uploaded(student(1), student(2, 身份证号=wrong), student(3, 性别="女"), student(4, 姓名=id_number(4)))
    page = text_of(centre.get(reverse("registry:upload", args=[upload.pk])))
    assert "2行有2处错误" in page and "1处提醒" in page and "2行可以导入" in page
    assert "身份证号与校验码不符" in page and "请与证件逐位核对后改正" in page
    assert not PLAIN_NUMBER.search(page.replace("csrfmiddlewaretoken", "")) and "********" in page
    assert "只导入无误的2行" in page and "导入全部" not in page


def test_importing_all_of_a_list_with_faults_is_refused(uploaded, centre):
    upload = uploaded(student(1), student(2, 性别="女"))
    answer = do_import(upload, centre)
    assert answer.status_code == 422 and "有1行不能导入" in text_of(answer)
    assert upload.state == UploadState.CHECKED and not Admission.objects.exists()


def test_the_rows_without_fault_are_imported_by_express_choice(uploaded, centre):
    upload = uploaded(student(1), student(2, 性别="女"))
    assert do_import(upload, centre, only_clean="on").status_code == 302
    assert Admission.objects.count() == 1
    page = text_of(centre.get(reverse("registry:upload", args=[upload.pk])))
    assert "1行没有导入" in page and "只下载错误行" in page


def test_files_are_handed_back_and_that_is_recorded(uploaded, centre):
    upload = uploaded(student(1), student(2, 性别="女"))
    marked = centre.post(reverse("registry:upload_marked", args=[upload.pk]))
    rest = centre.post(reverse("registry:upload_rest", args=[upload.pk]))
    sheets = [load_workbook(BytesIO(answer.content)).active for answer in (marked, rest)]
    assert [sheet.max_row for sheet in sheets] == [3, 2]
    assert "问题" in [cell.value for cell in sheets[0][1]] and "性别" in str([cell.value for cell in sheets[1][2]])
    assert all("attachment" in answer.headers["Content-Disposition"] for answer in (marked, rest))
    entries = TrailEntry.objects.filter(action="下载录取名单")
    assert entries.count() == 2 and id_number(2) not in str(list(entries.values("after")))


def test_the_same_file_again_says_it_changes_nothing(uploaded, centre):
    content = workbook([student(1), student(2)])
    do_import(uploaded(content=content), centre)
    again = uploaded(content=content)
    page = text_of(centre.get(reverse("registry:upload", args=[again.pk])))
    assert "导入不会改变任何信息" in page and "没有需要导入的变化" in page and "导入全部" not in page


def test_an_amended_list_shows_its_changes_before_it_makes_them(uploaded, centre):
    do_import(uploaded(student(1), student(2)), centre)
    amended = uploaded(student(1, 姓名="马改名"), student(2), student(3))
    url = reverse("registry:upload", args=[amended.pk])
    page = text_of(centre.get(url))
    assert "马改名</b>" in page and "变更的列：姓名1人" in page and "<b>1</b>人新增" in page
    assert "2613000003" not in page and "2613000003" in text_of(centre.get(url, {"show": "add"}))
    assert "2613000002" in text_of(centre.get(url, {"show": "same"}))
    assert Admission.objects.filter(superseded_at=None).count() == 2


def test_a_row_that_may_not_move_a_submitted_student_is_blocked(uploaded, centre, world):
    batch = world.to(world.batch(2), 0)
    admission = batch.candidates.first().admission
    moved = student(
        1, 准考证号=admission.exam_number, 身份证号=admission.id_number.reveal(), 姓名=admission.name, 录取学校=PREFECTURE_SCHOOL
    )  # fmt: skip
    upload = uploaded(moved)
    page = text_of(centre.get(reverse("registry:upload", args=[upload.pk]), {"show": "blocked"}))
    assert "不能改录取学校" in page and "没有可以导入的行" in page
    assert do_import(upload, centre, only_clean="on").status_code == 422


def test_a_file_that_is_no_workbook_is_refused_before_it_is_kept(centre):
    answer = send(centre, b"no workbook at all")
    assert answer.status_code == 422 and "这不是.xlsx工作簿" in text_of(answer)
    assert not AdmissionUpload.objects.exists()


def test_a_workbook_without_the_list_ends_in_a_sentence(uploaded, centre):
    book, output = Workbook(), BytesIO()
    book.save(output)
    upload = uploaded(content=output.getvalue())
    page = text_of(centre.get(reverse("registry:upload", args=[upload.pk])))
    assert upload.state == UploadState.FAILED and upload.error in page and "重新上传" in page
    answer = centre.post(reverse("registry:upload_marked", args=[upload.pk]))
    assert answer.status_code == 302 and "attachment" not in str(answer.headers)


def test_too_large_a_file_and_an_empty_form_are_refused_on_the_page(centre, monkeypatch):
    monkeypatch.setattr("registry.forms_lists.LARGEST", 2 * 1024 * 1024)
    large = send(centre, b"x" * (2 * 1024 * 1024 + 1))
    assert large.status_code == 422 and "超过2MB" in text_of(large)
    empty = centre.post(reverse("registry:uploads"), {"year": "1900"})
    assert empty.status_code == 422 and "有2处需要修改" in text_of(empty)
    assert not AdmissionUpload.objects.exists()


def test_the_record_of_uploads_and_the_template(uploaded, centre):
    uploaded(student(1), student(2, 性别="女"))
    page = text_of(centre.get(reverse("registry:uploads")))
    assert "名单.xlsx" in page and "待核对，有错误行" in page
    answer = centre.get(reverse("registry:upload_template"))
    assert load_workbook(BytesIO(answer.content)).active.max_row == 2


# Plans


def plan_data(world, school: str = COUNTY_SCHOOL, **changes: object) -> dict[str, object]:
    data = {"school": world.organisation(school).pk, "year": 2026, "count": 500, "document_number": "广教发〔2026〕8号"}
    return data | {"issued_on": "2026.7.20"} | changes


def test_a_county_issues_and_amends_a_plan_of_its_own_school(world, browse):
    world.plan(480)
    county = browse(world.user(Role.COUNTY_HEAD, COUNTY))
    answer = county.post(reverse("registry:plans"), plan_data(world), follow=True)
    page = text_of(answer)
    assert "招生计划500人" in page and "此前1次" in page and "临州教基发〔2026〕1号" in page
    assert Intake.objects.get().plan == 500 and TrailEntry.objects.filter(action="下达招生计划").count() == 2


def test_a_plan_for_another_s_school_is_no_choice(world, browse):
    county = browse(world.user(Role.COUNTY_HEAD, OTHER_COUNTY))
    answer = county.post(reverse("registry:plans"), plan_data(world))
    assert answer.status_code == 422 and not AdmissionPlan.objects.exists()
    assert str(world.organisation(COUNTY_SCHOOL).short_name) not in text_of(county.get(reverse("registry:plans")))


def test_those_who_only_read_cannot_issue(world, browse, stranger):
    world.plan(480)
    for reader in (browse(world.county), browse(world.registrar()), stranger):
        assert reader.post(reverse("registry:plans"), plan_data(world)).status_code == 404
        assert "下达计划" not in text_of(reader.get(reverse("registry:plans")))
    assert AdmissionPlan.objects.count() == 1
    assert "480" in text_of(browse(world.registrar()).get(reverse("registry:plans")))
    assert "480" not in text_of(stranger.get(reverse("registry:plans")))


def test_a_cut_below_the_seats_held_is_refused_with_the_list_and_keeps_what_was_typed(world, centre):
    batch = world.to(world.batch(3, plan=5), 0)
    answer = centre.post(reverse("registry:plans"), plan_data(world, count=2, document_number="调整9号"))
    page = text_of(answer)
    assert answer.status_code == 422 and "少于已占用学位3人" in page and batch.request.number in page
    assert 'value="调整9号"' in page and 'value="2026.7.20"' in page
    assert Intake.objects.get().plan == 5 and AdmissionPlan.objects.count() == 1


def test_a_plan_of_tomorrow_or_without_number_is_refused(world, centre):
    answer = centre.post(reverse("registry:plans"), plan_data(world, issued_on="20260917", document_number=""))
    assert answer.status_code == 422 and "不能晚于今天" in text_of(answer) and "请填写文号" in text_of(answer)


def test_plans_of_another_year(world, centre):
    world.plan(333, year=2025)
    assert "333" not in text_of(centre.get(reverse("registry:plans")))
    assert "333" in text_of(centre.get(reverse("registry:plans"), {"year": "2025"}))
    assert centre.get(reverse("registry:plans"), {"year": "x"}).status_code == 200


# Settings


def change(client: Client, key: str, value: object, **more: str):
    data = {"value": value, "effective_from": "2026-09-20", "document_number": "临州教发〔2026〕30号"} | more
    return client.post(reverse("registry:setting", args=[key]), data, follow=True)


def test_the_settings_show_value_basis_and_reason_to_readers(stranger):
    page = text_of(stranger.get(reverse("registry:policy")))
    assert all(item.label in page and item.why in page for item in SETTINGS.values())
    assert '<span class="tag warn">假定</span>' in page and "修改…" not in page and "重开注册</button>" not in page


def test_the_centre_changes_a_setting_from_a_day_on(world, centre):
    page = text_of(change(centre, "clock.send_back", "restart"))
    assert "2026-09-20起为重新起算" in page and "临州教发〔2026〕30号" in page
    prefecture = world.organisation(PREFECTURE)
    assert policy.in_force(prefecture, date(2026, 9, 19))["clock.send_back"] == "pause"
    assert policy.in_force(prefecture, date(2026, 9, 20))["clock.send_back"] == "restart"
    assert TrailEntry.objects.get(action="修改政策设置").after["value"] == "restart"
    assert "重新起算" in text_of(centre.get(reverse("registry:setting", args=["clock.send_back"])))


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("clock.days", "12", 12), ("province.in_portal", "False", False), ("enrolment.deadline", "discretion", "discretion"),
        ("enrolment.deadline.last_day", "10-08", "10-08"), ("admission.max_score", "850.5", "850.5"),
        ("admission.max_score", "", None), ("number.region", "14", "14"),
    ],
)  # fmt: skip
def test_each_kind_of_value_is_kept_as_the_rules_read_it(world, centre, key, typed, kept):
    change(centre, key, typed, effective_from="2026-09-16")
    assert policy.in_force(world.organisation(PREFECTURE), world.day)[key] == kept
    assert PolicyValue.objects.get().value == kept


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("clock.days", "0", "工作日数"), ("clock.send_back", "never", "取值"), ("number.region", "1x", "两位数字"),
        ("enrolment.deadline.last_day", "02-30", "不是有效的月和日"), ("admission.max_score", "many", "成绩上限"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused(centre, key, typed, said):
    answer = change(centre, key, typed)
    assert answer.status_code == 422 and said in text_of(answer) and not PolicyValue.objects.exists()


def test_a_setting_needs_a_document_and_the_right(centre, stranger, client, world, browse):
    answer = change(centre, "clock.days", "12", document_number=" ")
    assert answer.status_code == 422 and "文号" in text_of(answer)
    for person in (stranger, browse(world.user(Role.COUNTY_HEAD, COUNTY)), browse(world.province)):
        assert change(person, "clock.days", "12").status_code == 404
    assert client.get(reverse("registry:setting", args=["clock.days"])).status_code == 302
    assert centre.get(reverse("registry:setting", args=["clock.nothing"])).status_code == 404
    assert not PolicyValue.objects.exists()


# Reopening


def reopening(world, **changes: object) -> dict[str, object]:
    data = {"school": world.organisation(COUNTY_SCHOOL).pk, "year": 2025, "reason": "汛期道路中断"}
    return data | {"document_number": "临州教发〔2025〕77号"} | changes


def test_the_centre_reopens_a_registration_once(world, centre, browse):
    page = text_of(centre.post(reverse("registry:reopen"), reopening(world), follow=True))
    assert "已重开" in page and "汛期道路中断" in page
    assert TrailEntry.objects.get(action="重开逾期注册").organisation.code == COUNTY_SCHOOL
    again = centre.post(reverse("registry:reopen"), reopening(world, document_number="再次"))
    assert again.status_code == 422 and "不必再次重开" in text_of(again) and 'value="再次"' in text_of(again)
    assert Reopening.objects.count() == 1
    assert "汛期道路中断" in text_of(browse(world.registrar()).get(reverse("registry:policy")))
    assert "汛期道路中断" not in text_of(browse(world.head(OTHER_SCHOOL)).get(reverse("registry:policy")))


def test_before_the_last_day_there_is_nothing_to_reopen(world, centre):
    answer = centre.post(reverse("registry:reopen"), reopening(world, year=2026))
    assert answer.status_code == 422 and "尚未截止" in text_of(answer) and not Reopening.objects.exists()


def test_reopening_needs_a_reason_and_the_right(world, centre, stranger, client):
    answer = centre.post(reverse("registry:reopen"), reopening(world, reason=""))
    assert answer.status_code == 422 and "请填写理由" in text_of(answer)
    assert stranger.post(reverse("registry:reopen"), reopening(world)).status_code == 404
    assert client.post(reverse("registry:reopen"), reopening(world)).status_code == 302
    assert not Reopening.objects.exists()


# Clauses


def test_the_clauses_stand_word_for_word_with_what_rests_on_them(stranger):
    page = stranger.get(reverse("registry:clauses")).content.decode()
    for clause in notice().clauses:
        assert f'id="clause-{clause.id}"' in page and all(text in page for text in clause.paragraphs)
    section = page[page.index('id="clause-二"') : page.index('id="clause-三"')]
    assert "不超招生计划" in section and "不予" in section
    assert "学号尚未作废" in page and '<span class="tag warn">假定</span>' in page


# Trail


def test_the_auditor_reads_the_trail_by_day_and_action(world, browse):
    world.to(world.batch(2), 0)
    auditor = browse(world.user(Role.AUDITOR, PREFECTURE))
    url = reverse("registry:trail")
    page = text_of(auditor.get(url))
    assert "下达招生计划" in page and "人数：2" in page and world.registrar().full_name in page
    table = text_of(auditor.get(url, {"action": "下达招生计划"})).split("<tbody>")[1]
    assert "下达招生计划" in table and "登记" not in table
    assert "没有符合条件的记录" in text_of(auditor.get(url, {"day": "2026-09-15"}))
    assert "下达招生计划" in text_of(auditor.get(url, {"day": "20260916"})).split("<tbody>")[1]
    assert "不是有效日期" in text_of(auditor.get(url, {"day": "soon"}))
    assert auditor.post(url).status_code == 405


def test_the_trail_reaches_no_further_than_the_grant(world, browse):
    world.plan(5)
    world.plan(6, school=PREFECTURE_SCHOOL)
    from linxia_xueji.access import grant, revoke
    from linxia_xueji.enums import Permission

    person = world.user(Role.COUNTY_REVIEWER, COUNTY)
    post = person.appointments.get().post
    grant(post=post, permission=Permission.READ_TRAIL, organisation=post.organisation)
    page = text_of(browse(person).get(reverse("registry:trail")))
    assert "下达招生计划" not in page
    revoke(post=post, permission=Permission.READ_TRAIL, organisation=post.organisation)
    assert browse(person).get(reverse("registry:trail")).status_code == 404

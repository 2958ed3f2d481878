"""The workbook of children: checked before anything is written, faults in the user's own file, the same file twice adds nobody."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linxia_xueji.refusal import Refusal, Stale
from registry.entry import importing
from registry.entry.columns import CHILDREN
from registry.entry.workbook import template
from registry.models import EntryUpload
from tests.registry.entry.children import TOWN, enrolled, listed, number
from tests.registry.typed import said
from tests.world import OTHER_SCHOOL

HEADS = ("姓名", "证件类型", "身份证号", "性别", "民族", "乡镇（街道）")


def book(*rows: tuple, heads: tuple = HEADS) -> bytes:
    """A workbook with these rows."""
    made = openpyxl.Workbook()
    for row in (heads, *rows):
        made.active.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def row(serial: int, name: str = "马小明", **other) -> tuple:
    """A sound row, with what differs."""
    cells = dict(zip(HEADS, (name, "", number(serial), "", "回族", TOWN), strict=True)) | other
    return tuple(cells.values())


@pytest.fixture
def batch(world):
    return listed(world, 1)


def receive(world, batch, content: bytes) -> EntryUpload:
    return importing.receive(batch=batch, content=content, name="名单.xlsx", by=world.registrar())


def test_a_sound_file_comes_in_once_and_the_same_again_adds_nobody(world, batch):
    content = book(row(1), row(2, "马小兰"), row(3, "马·伊布拉欣"))
    upload = receive(world, batch, content)
    assert upload.summary == {"rows": 3, "new": 2, "same": 1, "errors": 0, "warnings": 0}
    assert batch.entrants.count() == 1
    importing.apply(upload, by=world.registrar(), only_clean=False)
    made = batch.entrants.get(name="马小兰")
    assert (made.sex, made.birth_date.isoformat(), made.ethnicity) == ("1", "2020-03-05", "03")
    with pytest.raises(Stale, match="已导入"):
        importing.apply(upload, by=world.registrar(), only_clean=False)
    again = receive(world, batch, content)
    assert again.summary["same"] == 3
    with pytest.raises(Refusal, match="没有可以导入的学生"):
        importing.apply(again, by=world.registrar(), only_clean=False)


@pytest.mark.parametrize(
    "bad, words",
    [
        ({"身份证号": "62292420200305001"}, "有17位"),
        ({"身份证号": ""}, "没有填写身份证号"),
        ({"证件类型": "无"}, "却填写了号码"),
        ({"证件类型": "护照本"}, "不是证件类型"),
        ({"性别": "女"}, "性别与身份证号不一致"),
        ({"性别": "不详"}, "不是性别"),
        ({"民族": "火星族"}, "不是民族名称"),
        ({"民族": ""}, "没有填写民族"),
        ({"乡镇（街道）": ""}, "没有填写乡镇"),
        ({"姓名": "马•明"}, "间隔号"),
        ({"身份证号": 622924202003050019}, "数字格式"),
    ],
)
def test_each_fault_has_its_sentence(world, batch, bad, words):
    upload = receive(world, batch, book(row(5, **bad)))
    assert words in "；".join(f"{f['message']}，{f['mend']}" for f in upload.faults)


def test_a_known_number_under_another_name_is_told(world, batch):
    enrolled(world, 7, OTHER_SCHOOL)
    upload = receive(world, batch, book(row(7, "马大明"), row(8), row(8, "马二")))
    codes = [(f["row"], f["code"], f["severity"]) for f in upload.faults]
    assert codes == [(2, "known_differently", "warning"), (4, "duplicate_in_file", "error")]
    with pytest.raises(Refusal, match="有1行有错误"):
        importing.apply(upload, by=world.registrar(), only_clean=False)
    assert importing.apply(upload, by=world.registrar(), only_clean=True).summary["new"] == 2
    assert batch.entrants.exclude(known=None).count() == 1


def test_the_template_is_read_and_its_sample_skipped(world, batch):
    filled = openpyxl.load_workbook(BytesIO(template()))
    heads = [cell.value.rstrip("*") for cell in filled[CHILDREN.name][1]]
    assert heads == [column.header for column in CHILDREN.columns]
    filled[CHILDREN.name].append(["1", "马小明", "居民身份证", number(9), "男", "2020-03-05", "回族", TOWN])
    out = BytesIO()
    filled.save(out)
    upload = receive(world, batch, out.getvalue())
    assert (upload.summary["rows"], upload.summary["new"], upload.faults) == (1, 1, [])


def test_the_pages_of_an_upload(world, batch, client):
    client.force_login(world.registrar())
    address = reverse("registry:upload_entrants", args=[batch.pk])
    assert client.post(address).status_code == 422
    wrong = client.post(address, {"file": SimpleUploadedFile("名单.xlsx", book(("x", "y"), heads=("a", "b")))})
    assert wrong.status_code == 422 and "没有找到“新生名单”表的表头" in wrong.content.decode()
    faulty = book(row(2), row(3, 民族="?"))
    answer = client.post(address, {"file": SimpleUploadedFile("名单.xlsx", faulty)})
    upload = EntryUpload.objects.get()
    assert answer.url == reverse("registry:entry_upload", args=[upload.pk])
    page = client.get(answer.url).content.decode()
    assert "不是民族名称" in page and "只导入无误的1人" in page
    marked = client.post(reverse("registry:entry_marked", args=[upload.pk]))
    sheet = openpyxl.load_workbook(BytesIO(marked.content)).active
    assert "不是民族名称" in str([cell.value for cell in sheet[3]])
    put_in = reverse("registry:import_entrants", args=[upload.pk])
    assert "有1行有错误" in said(client.post(put_in))
    assert "已导入1名学生" in said(client.post(put_in, {"only_clean": "1"}))
    assert client.get(reverse("registry:entry_template")).status_code == 200


def test_an_upload_is_its_own_school_s(world, batch, client):
    upload = receive(world, batch, book(row(2)))
    names = ("entry_upload", "import_entrants", "entry_marked")
    addresses = [reverse(f"registry:{name}", args=[upload.pk]) for name in names]
    assert all(client.post(address).url.startswith("/login/") for address in addresses)
    client.force_login(world.registrar(OTHER_SCHOOL))
    assert client.get(addresses[0]).status_code == 404
    assert all(client.post(address).status_code == 404 for address in addresses[1:])

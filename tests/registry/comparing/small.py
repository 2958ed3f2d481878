"""A comparison of a handful of students, for pages."""

from registry.comparing import intake, tasks
from registry.models import Comparison
from tests.registry.comparing.exports import PROVINCIAL_HEADERS, workbook
from tests.world import COUNTY_SCHOOL, PREFECTURE, id_number

NATIONAL = ["全国学籍号", "姓名", "性别", "身份证件号", "出生日期", "民族", "学校标识码", "年级", "学籍状态"]


def national(serial: int, **more: str) -> dict[str, str]:
    """A girl of the second year as the national system writes her."""
    number = id_number(serial, sex="2")
    return {
        "全国学籍号": f"G{number}", "姓名": f"马兰{chr(0x4E00 + serial)}", "性别": "女", "身份证件号": number, "出生日期": "20100305",
        "民族": "回族", "学校标识码": COUNTY_SCHOOL, "年级": "高二", "学籍状态": "在读",
    } | more  # fmt: skip


def provincial(serial: int, **more: str) -> dict[str, str]:
    """The same girl as the provincial system writes her."""
    row = national(serial)
    names = ("全国学籍号", "姓名", "性别", "身份证件号", "出生日期", "民族", "学校标识码", "年级", "学籍状态")
    return {theirs: row[ours] for theirs, ours in zip(PROVINCIAL_HEADERS, names, strict=False)} | more


def files(changed: dict[str, str] | None = None) -> tuple[bytes, bytes]:
    """Two files: the third girl is in the national one alone, the first another name, the fourth and fifth share theirs."""
    ours = [national(n) for n in (1, 2, 3)] + [national(4, 姓名="马同名")]
    theirs = [
        provincial(1, **(changed if changed is not None else {"姓名": "马错名"})),
        provincial(2),
        provincial(5, 姓名="马同名"),
    ]
    return workbook(NATIONAL, ours, []), workbook(PROVINCIAL_HEADERS, theirs, [])


def opened(world, national: bytes | None = None, provincial: bytes | None = None, *, mapped: bool = True) -> Comparison:
    """A comparison with its files, the columns as proposed."""
    made = intake.open_comparison(prefecture=world.organisation(PREFECTURE), term="2026-autumn", by=world.centre)
    for system, content in zip(("national", "provincial"), (national, provincial), strict=True):
        if content:
            upload = intake.receive(
                comparison=made, system=system, content=content, name=f"{system}.xlsx", by=world.centre
            )
            if mapped and upload.mapping is None:
                intake.map_columns(upload=upload, columns=upload.columns, name=f"{system}导出", by=world.centre)
    return made


def compared(world, national: bytes, provincial: bytes) -> Comparison:
    """A comparison, done."""
    made = opened(world, national, provincial)
    intake.start(comparison=made, by=world.centre)
    tasks.run_comparison(made.pk)
    made.refresh_from_db()
    assert (made.state, made.error) == ("done", "")
    return made

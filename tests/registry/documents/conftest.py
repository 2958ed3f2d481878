"""Forms to look at: invented people, with the names and the county that are hardest to set."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from registry.documents.annex1 import Annex1, CountyBox, PrefectureBox, SchoolBox
from registry.documents.annex2 import Annex2, Annex2Row

NAMES = ("马𬱖", "阿卜杜·𫖯·买买提", "䶮𫝊", "马\U0002b74d英", "买买提·" * 12 + "一一")
LONGEST_COUNTY = "积石山保安族东乡族撒拉族自治县"


@pytest.fixture(scope="session")
def notice() -> str:
    """The notice as issued."""
    return (Path(__file__).parent.parent / "data" / "notice-2022-5.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def annex1() -> Annex1:
    """附件1 of a county school, signed by everybody."""
    return Annex1(
        2026,
        LONGEST_COUNTY,
        f"{LONGEST_COUNTY}示例高级中学",
        SchoolBox(600, 598, 597, "261304010001", "261304010597"),
        CountyBox(2146, 1000, 596),
        PrefectureBox(595, "261304010001", "261304010595"),
    )


def row(place: int, name: str = "马学军") -> Annex2Row:
    """The student with that serial."""
    return Annex2Row(
        student_number=f"26130401{place:04d}",
        name=name,
        exam_number=f"0026130{place:05d}",
        sex="12"[place % 2],
        ethnicity=("东乡族", "保安族", "柯尔克孜族")[place % 3],
        birth_date=date(2010, 5, 3),
        id_number=f"62292720100503{place:03d}X",
        school_name="示例高级中学",
        score=Decimal("481.80"),
    )


@pytest.fixture(scope="session")
def annex2() -> Annex2:
    """附件2 with rare names, handed over in the wrong order, numbers only proposed."""
    rows = [row(place, name) for place, name in enumerate((*NAMES, "马学军"), start=1)]
    return Annex2(2026, "临夏州", "示例高级中学", tuple(reversed(rows)), proposed=True)

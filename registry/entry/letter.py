"""提请责令入学函: what it says, from the child and the urgings."""

from datetime import date

from linxia_xueji.enums import Stage
from registry.documents.township import TownshipPaper, UrgedLine
from registry.models import TownshipLetter
from registry.showing import shown


def paper_of(letter: TownshipLetter) -> TownshipPaper:
    """What it says: the child as entered, and the urgings until the day of the letter."""
    child = letter.entrant
    urgings = child.urgings.filter(urged_on__lte=letter.issued_on, recorded_at__lte=letter.recorded_at)
    return TownshipPaper(
        number=letter.number,
        office=letter.office,
        school=child.school.name_on(letter.issued_on),
        name=child.name,
        sex=child.get_sex_display(),
        birth=_day(child.birth_date),
        id_words=f"{child.get_id_type_display()}{shown('id_number', child.id_number, full=True)}",
        guardian=child.guardian_name.reveal(),
        phone=child.guardian_phone.reveal(),
        township=child.township,
        grade="小学一年级" if child.stage == Stage.PRIMARY else "初中一年级",
        year=child.year,
        urgings=tuple(
            UrgedLine(_day(u.urged_on), f"{u.get_manner_display()}，{u.urged_by}", f"{u.spoken_to}：{u.said}")
            for u in urgings.order_by("urged_on", "pk")
        ),
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

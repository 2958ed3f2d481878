"""Grades 1 to 12 and the stages they belong to, as the export writes them."""

from datetime import date

from linxia_xueji.enums import Stage

GRADES_OF = {Stage.PRIMARY: (1, 6), Stage.JUNIOR: (7, 9), Stage.SENIOR: (10, 12), Stage.VOCATIONAL: (10, 12)}
_DIGITS = "一二三四五六七八九"
_SPELLINGS: dict[str, int] = {
    **{f"{digit}年级": n for n, digit in enumerate(_DIGITS, 1)},
    **{f"小学{digit}年级": n for n, digit in enumerate(_DIGITS[:6], 1)},
    **{f"{word}{digit}": n + 6 for n, digit in enumerate("一二三", 1) for word in ("初", "初中")},
    **{f"初中{digit}年级": n + 6 for n, digit in enumerate("一二三", 1)},
    **{f"{word}{digit}": n + 9 for n, digit in enumerate("一二三", 1) for word in ("高", "高中", "职高")},
    **{f"{word}{digit}年级": n + 9 for n, digit in enumerate("一二三", 1) for word in ("高中", "职高", "普通高中", "职业高中")},
    **{str(n): n for n in range(1, 13)},
    **{f"{n}年级": n for n in range(1, 13)},
}  # fmt: skip
_WORDS = {
    **{n: f"{digit}年级" for n, digit in enumerate(_DIGITS, 1)},
    **{n + 9: f"高{digit}" for n, digit in enumerate("一二三", 1)},
}


def grade_of(text: str) -> int | None:
    """1 to 12 from 七年级, 初一, 高二, 11; None where it is none of them."""
    return _SPELLINGS.get(text)


def words_of(grade: int) -> str:
    """七年级, 高二."""
    return _WORDS[grade]


def class_words(grade: int, school_class: str) -> str:
    """高二1班."""
    return f"{words_of(grade)}{school_class or '（未分班）'}"


def entry_year_of(entered: date) -> int:
    """The school year of an 入学年月: from July on that of the year itself, before it the one then running."""
    return entered.year if entered.month >= 7 else entered.year - 1


def grade_by_entry(stage: Stage, entered: date, school_year: int) -> int:
    """The grade a pupil who never stayed back is in; below the first or past the last where it cannot be."""
    return GRADES_OF[stage][0] + school_year - entry_year_of(entered)

"""The results of a round as Excel: who was drawn and what was seen; findings on lines of their own stand beside the student."""

from django.db.models import OuterRef, Subquery

from registry.models import Finding, InspectedStudent, InspectionRound
from registry.roster.grades import class_words
from registry.rosters.workbook import book

HEADS = (
    ("县市", 14), ("学校", 28), ("班级", 12), ("姓名", 12), ("全国学籍号", 22), ("结果", 10), ("备注", 30), ("登记人", 12), ("登记时间", 18),
    ("问题", 40), ("问题状态", 14),
)  # fmt: skip


def results_book(found: InspectionRound) -> tuple[bytes, int]:
    """All students of a round with whole numbers, and how many; findings about no student come last."""
    first = Finding.objects.filter(student=OuterRef("pk")).order_by("pk")
    people = InspectedStudent.objects.filter(visit__round=found).annotate(
        found=Subquery(first.values("words")[:1]), found_pk=Subquery(first.values("pk")[:1])
    )
    people = people.select_related("visit__school", "visit__county", "enrolment__student", "recorded_by")
    states = {f.pk: f.get_state_display() for f in Finding.objects.filter(visit__round=found)}
    rows = [
        (
            _county(s.visit), s.visit.school.name, class_words(s.grade, s.school_class), s.name, s.enrolment.student.national_number.reveal(),
            s.get_result_display() or "未登记", s.note, s.recorded_by.full_name if s.recorded_by else "",
            f"{s.recorded_at:%Y-%m-%d %H:%M}" if s.recorded_at else "", s.found or "", states.get(s.found_pk, ""),
        )
        for s in people.order_by("visit__school__code", "grade", "school_class", "name", "pk")
    ]  # fmt: skip
    others = (
        Finding.objects.filter(visit__round=found, student=None)
        .select_related("school", "county")
        .order_by("school__code", "pk")
    )
    rows += [(_county(f), f.school.name, *[""] * 7, f.words, f.get_state_display()) for f in others]
    told = (
        f"{found.title}　{found.organisation.name}　名册日期{found.roster_on:%Y-%m-%d}　抽样种子{found.seed}"
        f"　每校{found.classes}个班，每班{found.students}人"
    )
    return book("督查结果", told, [head for head, _ in HEADS], rows, [width for _, width in HEADS]), people.count()


def _county(record) -> str:
    return record.county.short_name if record.county else "州直属"

"""Closed lists of the inspection; all of them are assumed, as the notice names neither results nor steps."""

from django.db.models import TextChoices


class Sight(TextChoices):
    """What was seen of a sampled student; empty while nobody has looked."""

    PRESENT = "present", "在"
    ABSENT = "absent", "不在"
    OTHER_PERSON = "other_person", "非本人"
    OTHER_GRADE = "other_grade", "年级不符"


class RoundState(TextChoices):
    """Where a round stands; derived from its visits and findings, never stored."""

    PLANNED = "planned", "已计划"
    UNDERWAY = "underway", "检查中"
    MENDING = "mending", "整改中"
    CLOSED = "closed", "已结束"
    CALLED_OFF = "called_off", "已撤销"


class VisitState(TextChoices):
    """Where the visit of a school stands."""

    PLANNED = "planned", "待检查"
    UNDERWAY = "underway", "检查中"
    FINISHED = "finished", "现场已结束"


class FindingState(TextChoices):
    """Where a finding stands; `registry.inspecting.states` says how it moves."""

    OPEN = "open", "待学校答复"
    ANSWERED = "answered", "已答复，待整改"
    REPORTED = "reported", "待复查"
    RECTIFIED = "rectified", "已整改"
    FAILED = "failed", "整改不到位"
    NOTICED = "noticed", "已通报"


class FindingAct(TextChoices):
    """What is done about a finding."""

    FOUND = "found", "提出问题"
    ANSWER = "answer", "学校答复"
    REPORT = "report", "报告整改情况"
    PASSED = "pass", "复查通过"
    FAILED = "fail", "复查认定整改不到位"
    NOTICE = "notice", "予以通报"

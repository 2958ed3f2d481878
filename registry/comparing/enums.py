"""Closed lists of the comparison."""

from django.db.models import TextChoices


class System(TextChoices):
    """Whose word it is: the two systems that are compared, and the portal's own register as the third column."""

    NATIONAL = "national", "国网"
    PROVINCIAL = "provincial", "省网"
    REGISTER = "register", "本门户"


FILES = (System.NATIONAL, System.PROVINCIAL)
"""Those of which an export is uploaded."""
FILE_CHOICES = [(system.value, system.label) for system in FILES]


class ComparisonState(TextChoices):
    """Where a comparison stands."""

    OPEN = "open", "待上传"
    WAITING = "waiting", "等待比对"
    RUNNING = "running", "正在比对"
    DONE = "done", "比对完成"


class DifferenceKind(TextChoices):
    """In what a student differs between the books."""

    ONLY_NATIONAL = "only_nat", "仅国网有"
    ONLY_PROVINCIAL = "only_prov", "仅省网有"
    ONLY_REGISTER = "only_reg", "仅本门户有"
    NOT_HERE = "not_here", "本门户无"
    FIELD = "field", "信息不一致"
    STATUS = "status", "学籍状态不一致"
    GRADE = "grade", "年级不一致"
    TWICE = "twice", "同一名册重复"


class PairDecision(TextChoices):
    """What a person said of two who share name, sex and birth date."""

    SAME = "same", "是同一人"
    OTHER = "other", "不是同一人"

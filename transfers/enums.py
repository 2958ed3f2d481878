"""Closed lists of 学籍变动."""

from django.db.models import TextChoices


class Direction(TextChoices):
    """Where a transfer goes; outside means outside the prefecture."""

    INSIDE = "inside", "州内转学"
    INCOMING = "incoming", "从州外转入"
    OUTGOING = "outgoing", "转往州外"


class SuspensionReason(TextChoices):
    """Why a student is suspended; only illness allows 延长休学期 without discretion (三（二）2)."""

    ILLNESS = "illness", "因病"
    OTHER = "other", "其他"


class Relation(TextChoices):
    """Who applies, as seen from the student."""

    FATHER = "father", "父亲"
    MOTHER = "mother", "母亲"
    GUARDIAN = "guardian", "其他监护人"
    STUDENT = "student", "本人"
    SCHOOL = "school", "学校"

"""The terms of a school year, as the authority that manages the calendar announced them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linxia_xueji.enums import Stage


class Season(models.TextChoices):
    """The two terms of a school year, which begins on 1 September (assumed)."""

    AUTUMN = "autumn", "秋季学期"
    SPRING = "spring", "春季学期"


class Term(models.Model):
    """A term of one stage, for an authority and those it runs, by a document of its own.

    At most one is in force per organisation, stage, year and season: a later entry closes the earlier one, nothing is
    overwritten. That of the nearest organisation above a school holds for it, as with local days.
    """

    organisation = models.ForeignKey(
        "linxia_xueji.Organisation", models.PROTECT, related_name="terms", verbose_name="机构"
    )
    stage = models.CharField("学段", max_length=12, choices=Stage)
    school_year = models.PositiveSmallIntegerField("学年", help_text="学年开始的年份")
    season = models.CharField("学期", max_length=8, choices=Season)
    starts_on = models.DateField("第一天")
    ends_on = models.DateField("最后一天")
    document_number = models.CharField("文号", max_length=60)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="停用人"
    )
    revoked_document_number = models.CharField("停用依据文号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "学期"
        ordering = ["school_year", "season", "stage", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "stage", "school_year", "season"],
                condition=Q(revoked_at=None),
                name="term_one_in_force",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="term_dates_in_order"),
            models.CheckConstraint(condition=~Q(document_number=""), name="term_has_document"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="term_closed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["school_year"], condition=Q(revoked_at=None), name="term_in_force")]

    def __str__(self) -> str:
        return f"{year_words(self.school_year)}{self.get_season_display()}（{self.get_stage_display()}）"


def year_words(school_year: int) -> str:
    """2026–2027学年."""
    return f"{school_year}–{school_year + 1}学年"

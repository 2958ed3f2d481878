"""Who administers whom, and where each lies: two different things (临夏中学 is run by the prefecture and lies in 临夏市)."""

from datetime import date

from django.db import models
from django.db.models import Q

from linxia_xueji.enums import Level, Permission


class Division(models.Model):
    """An administrative division, GB/T 2260."""

    code = models.CharField("区划代码", max_length=6, primary_key=True)
    name = models.CharField("名称", max_length=50)
    short_name = models.CharField("简称", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"

    def __str__(self) -> str:
        return self.short_name


class Organisation(models.Model):
    """An authority or a school; `parent` runs it, `division` is where it lies. Grants sit here and reach down by `parent`."""

    code = models.CharField("机构代码", max_length=20, unique=True)
    level = models.CharField("层级", max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="主管机构"
    )
    division = models.ForeignKey(Division, models.PROTECT, verbose_name="所在区划")
    name = models.CharField("现名", max_length=80)
    short_name = models.CharField("现简称", max_length=40)
    valid_from = models.DateField("设立日期")
    valid_to = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "机构"
        default_permissions = ()
        permissions = [(p.value, p.label) for p in Permission]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")), name="organisation_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def name_on(self, day: date) -> str:
        """The full name it bore on a day: forms print the name of their day (domain, Identifiers)."""
        return self._named_on(day).name

    def short_name_on(self, day: date) -> str:
        """The short name it bore on a day."""
        return self._named_on(day).short_name

    def _named_on(self, day: date):
        names = sorted(self.names.all(), key=lambda n: n.valid_from)
        borne = [n for n in names if n.valid_from <= day]
        return borne[-1] if borne else (names[0] if names else self)

    def ancestors(self) -> list["Organisation"]:
        """Itself first, then whoever runs it, up to the province."""
        chain, current = [], self
        while current is not None:
            chain.append(current)
            current = current.parent
        return chain

    def at(self, level: str) -> "Organisation | None":
        """The organisation of that level among itself and those that run it; None where the level is left out."""
        return next((o for o in self.ancestors() if o.level == level), None)


class OrganisationName(models.Model):
    """A name with the day from which it was borne; a renamed school keeps its code."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names", verbose_name="机构")
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=40)
    valid_from = models.DateField("启用日期")

    class Meta:
        verbose_name = verbose_name_plural = "机构名称"
        constraints = [models.UniqueConstraint(fields=["organisation", "valid_from"], name="one_name_a_day")]

    def __str__(self) -> str:
        return self.name

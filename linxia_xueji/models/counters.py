"""How often something was asked for of late, counted in one place for all web processes."""

from django.db import models


class Tally(models.Model):
    """How many times an address has asked within one stretch of time. Rows of earlier stretches are of no use and go."""

    kind = models.CharField("计数项", max_length=20)
    address = models.CharField("来源地址", max_length=64)
    began = models.DateTimeField("起点")
    count = models.PositiveIntegerField("次数")

    class Meta:
        verbose_name = verbose_name_plural = "访问计数"
        constraints = [models.UniqueConstraint(fields=["kind", "address", "began"], name="one_tally_a_stretch")]

    def __str__(self) -> str:
        return f"{self.kind} {self.address} {self.count}"

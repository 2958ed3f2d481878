"""常用语: what an office writes again and again."""

from django.db import models

from approvals.enums import Move


class StockPhrase(models.Model):
    """One phrase of one office, for one kind of decision or for all."""

    USES = [(m.value, m.label) for m in (Move.SEND_BACK, Move.REFUSE, Move.STRIKE, Move.APPROVE)]

    organisation = models.ForeignKey(
        "linxia_xueji.Organisation", models.CASCADE, related_name="stock_phrases", verbose_name="机构"
    )
    move = models.CharField("用于", max_length=12, choices=USES, blank=True)
    text = models.CharField("常用语", max_length=60)
    order = models.PositiveSmallIntegerField("顺序")

    class Meta:
        verbose_name = verbose_name_plural = "常用语"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "move", "text"], name="phrase_once_per_office"),
            models.CheckConstraint(condition=~models.Q(text=""), name="phrase_says_something"),
        ]

    def __str__(self) -> str:
        return self.text

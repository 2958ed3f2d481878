"""What the search by name looks into, kept by triggers of the database."""

from django.db import models

from linxia_xueji.models import Organisation

# No constraints: triggers copy them from rows that have them, and checks would cost more than all the rest.
_COPIED = {"related_name": "+", "db_constraint": False, "db_index": False}


class NamePiece(models.Model):
    """One ending of a name (马海明, 海明, 明): a part of a name is the beginning of one of them, so a B-tree finds it.

    Position 0 is the initials of the whole name by pinyin (MHM), 1000 those with the surname read as a surname (单 S).

    Of an enrolment by the student's present name, or of a candidate not yet registered. The organisations that may see
    either are copied, so that the first matches within one's own are found without looking at anybody else's.
    """

    pk = models.CompositePrimaryKey("registered", "subject", "position", verbose_name="主键")
    registered = models.BooleanField("已有学籍")
    subject = models.BigIntegerField("学籍或新生")
    position = models.PositiveSmallIntegerField("起于第几字")
    piece = models.TextField("姓名由此起")
    school = models.ForeignKey(Organisation, models.DO_NOTHING, verbose_name="学校", **_COPIED)
    county = models.ForeignKey(Organisation, models.DO_NOTHING, null=True, verbose_name="县级主管部门", **_COPIED)
    prefecture = models.ForeignKey(Organisation, models.DO_NOTHING, null=True, verbose_name="州级主管部门", **_COPIED)

    class Meta:
        verbose_name = verbose_name_plural = "姓名检索"
        indexes = [
            models.Index(
                fields=[level, "piece"], opclasses=["int8_ops", "text_pattern_ops"], name=f"pieces_of_a_{level}"
            )
            for level in ("school", "county", "prefecture")
        ]

    def __str__(self) -> str:
        return self.piece

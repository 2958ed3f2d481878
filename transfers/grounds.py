"""The grounds on which a senior student may withdraw.

符合条件的可予以退学 (三（二）3) refers to a list that is not at hand; this one is assumed, shown as such, and a setting of the
prefecture may take single grounds out.
"""

GROUNDS = {
    "guardian_applies": "学生及监护人申请退学",
    "not_back": "休学期满，经通知一个月内未申请复学也未延长休学",
    "absent": "连续旷课15日以上或一学期累计45日以上，经帮助教育无效",
    "other": "其他（须在申请理由中写明）",
}


GROUNDS_WHY = "通知“符合条件的可予以退学”所指的条件另有规定，本门户没有该文件；以下事由为假定。"


def grounds() -> list[tuple[str, str]]:
    """Code and words of each ground, in their order."""
    return list(GROUNDS.items())

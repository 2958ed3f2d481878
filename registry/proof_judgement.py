"""Whether a picture of a proof is legible: its measures against the thresholds in force. Pure, without Django.

Notice 三（一）1 asks for pictures that are 规整清晰完整 and sends all others back; it names no figure, so every threshold
is a setting marked assumed, and a doubt is no refusal: a head who has looked may confirm the picture legible.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

SIDES = ("左边", "上边", "右边", "下边")
"""The order of `Measures.crossings`."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of one picture, upright as it is shown.

    :param width, height: pixels. :param sharpness: percent of a stroke's step from paper to ink that lies within two
        pixels of a picture 1,000 pixels wide, in the less sharp direction and parts of the page.
    :param ink: per mille of the page that is writing or lines. :param contrast: steps of grey (0–255) from paper to ink.
    :param crossings: places at which writing or lines run into the left, upper, right and lower border.
    """

    width: int
    height: int
    sharpness: int
    ink: float
    contrast: int
    crossings: tuple[int, int, int, int]

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The measures out of what `as_json` gave."""
        left, top, right, bottom = kept["crossings"]
        return cls(**{**kept, "crossings": (left, top, right, bottom)})

    def as_json(self) -> dict[str, Any]:
        """Plain numbers, to be kept beside the picture."""
        return asdict(self) | {"crossings": list(self.crossings)}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the prefecture asks of a picture; units as in `Measures`.

    :param min_pixels: of the shorter side. :param cut_off: crossings of one border from which it counts as cut off.
    """

    min_pixels: int
    sharpness: int
    blank: float
    contrast: int
    cut_off: int

    @classmethod
    def of(cls, policy: Mapping[str, Any]) -> Self:
        """From the settings `proof.*`: the `values` of a `Policy`, or those a request began with."""
        return cls(**{name: policy[f"proof.{name}"] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a picture may not be legible.

    :param code: too_small, blank, blurred, faint or cut_off. :param words: what was measured. :param mend: what to do.
    """

    code: str
    words: str
    mend: str


def judge_scan(measures: Measures, thresholds: Thresholds) -> tuple[Doubt, ...]:
    """The doubts about a picture, the gravest first; none where it is legible as far as can be measured.

    A blank page is not judged further, and a blurred one not for being faint, which blur brings with it.
    """
    doubts, short = [], min(measures.width, measures.height)
    if short < thresholds.min_pixels:
        doubts.append(
            Doubt(
                "too_small",
                f"图片为{measures.width}×{measures.height}像素，短边要求不低于{thresholds.min_pixels}像素",
                "请重新扫描，分辨率不低于200 dpi；拍照的，请用原图，不用聊天软件压缩过的图片",
            )
        )
    if measures.ink < thresholds.blank:
        words = f"字迹和线条占画面{measures.ink:g}‰，要求不低于{thresholds.blank:g}‰，近似空白页"
        return (*doubts, Doubt("blank", words, "请检查是否放反或漏放文稿，有字的一面重新扫描"))
    if measures.sharpness < thresholds.sharpness:
        words = f"清晰度{measures.sharpness}，要求不低于{thresholds.sharpness}，字迹模糊"
        mend = "请重新扫描，分辨率不低于200 dpi；拍照的，请放平文稿、对准焦点、拿稳后重拍"
        doubts.append(Doubt("blurred", words, mend))
    elif measures.contrast < thresholds.contrast:
        words = f"字迹与纸面的明暗差{measures.contrast}，要求不低于{thresholds.contrast}，字迹过淡或画面过暗"
        doubts.append(Doubt("faint", words, "请调低扫描亮度或调高对比度后重新扫描；拍照的，请换到光线均匀处重拍"))
    cut = [(side, n) for side, n in zip(SIDES, measures.crossings, strict=True) if n >= thresholds.cut_off]
    if cut:
        places = "、".join(f"{side}{n}处" for side, n in cut)
        words = f"文字或线条伸到画面边缘：{places}，应少于{thresholds.cut_off}处，文稿可能不完整"
        doubts.append(Doubt("cut_off", words, "请放正文稿、四边留白后重新扫描，不裁切画面"))
    return tuple(doubts)

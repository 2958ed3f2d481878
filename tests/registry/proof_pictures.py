"""Believable pictures of proofs, each drawn from a number alone: pages, a register, forms; scanned or photographed; good or bad.

Sizes of writing, blur and cuts are given for a page 1,000 pixels wide, so that they mean the same at every resolution.
"""

import io
import math
import subprocess
from collections.abc import Callable
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

WORDS = (
    "兹证明该生系本县居民户口登记姓名出生日期性别民族身份号码住址变更更正事项于公安机关核实无误特此医院诊断建议休养"
    "临夏州和政广河东乡积石山永靖康乐中学小学高级级班主任监护人联系电话同意申请转入转出学籍年月日一二三四五六七八九十"
)
LABELS = ("姓名", "户主或与户主关系", "曾用名", "性别", "出生地", "民族", "籍贯", "出生日期", "本市其他住址", "宗教信仰", "公民身份号码",
          "身高", "血型", "文化程度", "婚姻状况", "兵役状况", "服务处所", "职业", "何时由何地迁来本市", "登记日期")  # fmt: skip
CELLS = (20, 50, 110)
GOOD = ("scan", "photo", "crooked", "pale", "bilevel", "patterned", "on_wood")
BAD = {
    "blur": "blurred", "motion": "blurred", "half_blur": "blurred", "blank": "blank", "back": "blank", "small": "too_small",
    "cut": "cut_off", "over": "faint",
}  # fmt: skip
"""What is wrong with the picture → the doubt it must meet."""


@cache
def font(family: str, size: int) -> ImageFont.FreeTypeFont | None:
    """A Chinese font of the machine (the portal's own papers need one), or None where there is none."""
    try:
        asked = ["fc-match", "-f", "%{file}\n%{index}\n%{lang}", f"{family}:lang=zh-cn"]
        path, index, languages = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\n")
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None
    return ImageFont.truetype(path, size, index=int(index)) if "zh-cn" in languages else None


def write(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: int, family: str, fill) -> None:
    """A line of text; strokes that look like characters where it is to look written by hand, or no font is there."""
    found = None if family == "hand" else font(family, size)
    if found:
        draw.text(place, text, fill=fill, font=found)
        return
    random = Random(text)  # noqa: S311
    for number in range(len(text)):
        x, y = place[0] + number * size * 1.02, place[1] + size * 0.1
        for _ in range(random.randint(3, 8)):
            (a, b), along = (random.random() * size * 0.8, random.random() * size * 0.85), random.random() < 0.55
            reach = size * random.uniform(0.25, 0.8)
            to = (
                (min(a + reach, size * 0.9), b + size * 0.04)
                if along
                else (a - size * 0.05, min(b + reach, size * 0.9))
            )
            draw.line((x + a, y + b, x + to[0], y + to[1]), fill=fill, width=max(1, round(size * 0.08)))


def _prose(random: Random, count: int) -> str:
    return "".join(random.choice(WORDS) for _ in range(count))


def _seal(page: Image.Image, centre: tuple[float, float], radius: float, random: Random) -> None:
    """A round red seal pressed over what is written."""
    stamp = Image.new("L", page.size, 0)
    draw = ImageDraw.Draw(stamp)
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=220, width=max(2, round(radius * 0.06)))
    star = [(x + radius * r * math.sin(a), y - radius * r * math.cos(a))
            for k in range(10) for a, r in [(k * math.pi / 5, 0.3 if k % 2 == 0 else 0.12)]]  # fmt: skip
    draw.polygon(star, fill=220)
    write(
        draw, (x - radius * 0.6, y + radius * 0.45), _prose(random, 5), round(radius * 0.24), "Noto Serif CJK SC", 220
    )
    page.paste((200, 30, 40), mask=stamp)


def certificate(random: Random, width: int) -> Image.Image:
    """A page of prose with title, seal and day."""
    page = Image.new("RGB", (width, round(width * 1.414)), "white")
    draw, unit = ImageDraw.Draw(page), width / 1000
    family = random.choice(("Noto Serif CJK SC", "Noto Sans CJK SC", "hand"))
    ink = random.choice(((20, 20, 20), (40, 40, 45), (30, 40, 110)))
    left, size, y = random.uniform(90, 140) * unit, round(random.uniform(19, 30) * unit), random.uniform(90, 160) * unit
    write(draw, (320 * unit, y), _prose(random, 6), round(52 * unit), "Noto Serif CJK SC", ink)
    y += 120 * unit
    room = int((width - 2 * left) / size / 1.03)
    for _ in range(random.randint(3, 22)):
        if y > 1050 * unit:
            break
        write(draw, (left, y), _prose(random, random.randint(room // 2, room)), size, family, ink)
        y += size * random.uniform(1.6, 1.7)
    write(draw, (600 * unit, y + 90 * unit), _prose(random, 8), size, family, ink)
    _seal(page, (700 * unit, y + 100 * unit), random.uniform(75, 105) * unit, random)
    return page


def _table(page: Image.Image, random: Random, columns: int, rows: int, box: tuple[float, float, float, float]) -> None:
    draw, unit = ImageDraw.Draw(page), page.width / 1000
    left, top, right, bottom = (side * unit for side in box)
    size, line = round(random.uniform(17, 22) * unit), max(1, round(random.uniform(1.2, 2.6) * unit))
    wide, high = (right - left) / columns, (bottom - top) / rows
    for n in range(rows + 1):
        draw.line((left, top + n * high, right, top + n * high), fill=(35, 35, 35), width=line)
    for n in range(columns + 1):
        draw.line((left + n * wide, top, left + n * wide, bottom), fill=(35, 35, 35), width=line)
    family = random.choice(("Noto Serif CJK SC", "Noto Sans CJK SC"))
    for n in range(columns * rows):
        x, y = left + n % columns * wide + 8 * unit, top + n // columns * high + high / 2 - size * 0.7
        room = int((wide - 16 * unit) / size)
        label = n % 2 == 0
        text = random.choice(LABELS) if label else _prose(random, random.randint(2, 9))
        write(
            draw,
            (x, y),
            text[: max(1, room)],
            size,
            family if label else "hand",
            (30, 30, 30) if label else (25, 30, 90),
        )


def register(random: Random, width: int) -> Image.Image:
    """A page of a household register: lying, a table, the authority's seal."""
    page = Image.new("RGB", (round(width * 1.38), width), (250, 246, 236))
    write(
        ImageDraw.Draw(page),
        (width * 0.45, width * 0.05),
        "常住人口登记卡",
        round(width * 0.042),
        "Noto Serif CJK SC",
        (30, 30, 30),
    )
    unit = 1.38
    _table(page, random, random.choice((4, 6)), random.randint(7, 10), (70 / unit, 120 / unit, 930, 900 / unit))
    _seal(page, (width * 1.05, width * 0.75), width * random.uniform(0.08, 0.11), random)
    return page


def form(random: Random, width: int) -> Image.Image:
    """An application form: a standing table."""
    page = Image.new("RGB", (width, round(width * 1.414)), "white")
    write(
        ImageDraw.Draw(page),
        (width * 0.3, width * 0.07),
        _prose(random, 9),
        round(width * 0.042),
        "Noto Sans CJK SC",
        (20, 20, 20),
    )
    _table(page, random, random.choice((2, 4, 6)), random.randint(8, 16), (90, 170, 910, random.uniform(900, 1280)))
    _seal(page, (width * 0.7, width * 1.1), width * 0.1, random)
    return page


LAYOUTS: tuple[Callable[[Random, int], Image.Image], ...] = (certificate, register, form)


def _grained(page: Image.Image, random: Random, noise: float) -> Image.Image:
    """With the grain of the sensor: independent in each pixel, within ± 2 × noise grey steps."""
    reach = max(1, round(2 * noise))
    grain = Image.frombytes("L", page.size, random.randbytes(page.width * page.height))
    grain = grain.point([round(128 + (level - 127.5) / 127.5 * reach) for level in range(256)])
    return ImageChops.add(page, Image.merge("RGB", [grain] * 3), 1, -128)


def _lit(page: Image.Image, random: Random, least: float) -> Image.Image:
    """Under light that falls off to one side down to this share."""
    fall = Image.linear_gradient("L").rotate(random.choice((0, 90, 180, 270)))
    fall = fall.point([round(255 * (least + (1 - least) * level / 255)) for level in range(256)])
    return ImageChops.multiply(page, Image.merge("RGB", [fall.resize(page.size)] * 3))


def _turned(page: Image.Image, degrees: float, fill) -> Image.Image:
    return page.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=fill)


def _scanned(page: Image.Image, random: Random, tilt: float, lid: bool) -> Image.Image:
    page = _turned(page, random.uniform(-tilt, tilt), random.choice(("white", (250, 248, 240))))
    if lid and random.random() < 0.3:  # the lid's shadow along a side
        shade = random.randint(60, 170)
        ImageDraw.Draw(page).rectangle(
            (0, 0, random.randint(1, 12) * page.width / 1000, page.height), fill=(shade,) * 3
        )
    return page


def _patterned(page: Image.Image, random: Random) -> Image.Image:
    """Over the fine waves that are printed against forgery, from border to border."""
    waves, apart = Image.new("RGB", page.size, "white"), random.uniform(7, 16) * page.width / 1000
    draw, colour = ImageDraw.Draw(waves), random.choice(((205, 225, 215), (235, 210, 215), (205, 215, 235)))
    for row in range(-2, round(page.height / apart) + 2):
        line = [(x, row * apart + apart * math.sin(x / apart / 3)) for x in range(0, page.width + 9, 8)]
        draw.line(line, fill=colour, width=max(1, round(page.width / 900)))
    return ImageChops.multiply(page, waves)


def _wood(size: tuple[int, int], random: Random) -> Image.Image:
    """A table top whose grain runs over the border of the picture."""
    desk = Image.new("RGB", size, (150, 110, 72))
    draw, y = ImageDraw.Draw(desk), 0.0
    while y < size[1]:
        shade = random.randint(-22, 12)
        draw.line(
            (0, y, size[0], y + random.uniform(-20, 20)),
            fill=(150 + shade, 110 + shade, 72 + shade),
            width=random.randint(1, 4),
        )
        y += random.uniform(3, 20)
    return desk


def _photographed(page: Image.Image, random: Random, wood: bool = False) -> Image.Image:
    """On a desk, from a hand that is not quite above it."""
    width, height = page.size
    desk = random.choice(((120, 84, 52), (70, 74, 80), (200, 196, 188), (52, 60, 52)))
    frame = Image.new("RGB", (round(width * 1.08), round(height * 1.08)), desk)
    if wood:
        frame = _wood(frame.size, random)
    frame.paste(page, (round(width * 0.04), round(height * 0.04)))
    lean = [random.uniform(-0.03, 0) for _ in range(8)]
    w, h = frame.size
    corners = (
        w * lean[0],
        h * lean[1],
        w * lean[2],
        h * (1 - lean[3]),
        w * (1 - lean[4]),
        h * (1 - lean[5]),
        w * (1 - lean[6]),
        h * lean[7],
    )
    frame = frame.transform((w, h), Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=desk)
    return _lit(frame, random, random.uniform(0.45, 0.9))


def _cut(page: Image.Image, random: Random) -> Image.Image:
    """Cropped on one to three sides, through what is written there."""
    dark = page.convert("L").point([0 if level > 120 else 255 for level in range(256)])
    turned = dark.transpose(Image.Transpose.TRANSPOSE)
    box = [0, 0, *page.size]
    for side in random.sample(range(4), random.randint(1, 3)):
        lines, length = (turned, page.width) if side % 2 == 0 else (dark, page.height)
        into = round(length * random.uniform(0.12, 0.35))
        places = range(into, length) if side < 2 else range(length - into, 0, -1)
        rows = ((place, lines.crop((0, place, lines.width, place + 1)).tobytes()) for place in places)
        box[side] = next(place for place, row in rows if sum(bool(run) for run in row.split(b"\0")) >= 6)
    return page.crop(tuple(box))


def _smeared(page: Image.Image, random: Random) -> Image.Image:
    """Moved along one direction by 9 to 20 pixels of 1,000 while the shutter was open."""
    length, angle = random.uniform(9, 20) * min(page.size) / 1000, random.uniform(0, math.pi)
    count = max(4, round(length))
    seen = page
    for n in range(1, count):  # a running mean
        part = length * n / (count - 1)
        moved = ImageChops.offset(page, round(part * math.cos(angle)), round(part * math.sin(angle)))
        seen = Image.blend(seen, moved, 1 / (n + 1))
    return seen


def _faded(page: Image.Image, to: float) -> Image.Image:
    return page.point([round(255 - (255 - level) * to) for level in range(256)] * 3)


def _empty(random: Random, width: int, kind: str) -> Image.Image:
    """A blank page, some with a page number or specks; or the back, through which the front shows."""
    if kind == "back":
        page = random.choice(LAYOUTS)(random, width).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return _faded(page.filter(ImageFilter.GaussianBlur(width / 500)), random.uniform(0.02, 0.08))
    page = Image.new("RGB", (width, round(width * 1.414)), (252, 250, 244))
    draw = ImageDraw.Draw(page)
    if random.random() < 0.5:
        write(
            draw,
            (width * 0.49, width * 1.35),
            str(random.randint(1, 9)),
            round(width * 0.02),
            "Noto Sans CJK SC",
            (40, 40, 40),
        )
    for _ in range(random.choice((0, 0, 3, 8))):
        x, y = random.uniform(0.1, 0.9) * width, random.uniform(0.1, 1.3) * width
        draw.ellipse((x, y, x + width / 400, y + width / 400), fill=(90, 90, 90))
    return page


def picture(kind: str, number: int, width: int | None = None) -> Image.Image:
    """The picture of this kind (of `GOOD` or `BAD`) and number, before it is a file.

    :param width: pixels of the page's shorter side; drawn from the number where it is not given.
    """
    random = Random(f"{kind} {number}")  # noqa: S311
    if width is None:
        usual = (1500, 1654) if kind == "cut" else (860, 1000, 1000, 1100, 1240, 1240, 1654)
        width = random.randint(180, 560) if kind == "small" else random.choice(usual)
    unit = width / 1000
    layouts = (register, form) if kind == "half_blur" else LAYOUTS
    page = _empty(random, width, kind) if kind in ("blank", "back") else random.choice(layouts)(random, width)
    softness = random.uniform(0, 0.3 if kind == "cut" else 0.6)
    if kind == "pale":  # pencil, a worn ribbon
        page = _faded(page, random.uniform(0.5, 0.7))
    elif kind == "over":
        page = _faded(page, random.uniform(0.08, 0.18))
    elif kind == "cut":
        page = _cut(page, random)
    elif kind == "blur":
        softness = random.choice((2.2, 3, 4.5, 6))
    elif kind == "patterned":
        page = _patterned(page, random)
    if kind == "on_wood":
        page = _photographed(page, random, wood=True)
    elif kind == "photo" or kind in ("blank", "blur", "motion", "over", "small") and random.random() < 0.4:
        page = _photographed(page, random)
    elif kind != "cut":
        page = _scanned(page, random, 4 if kind == "crooked" else 1.2, lid=kind != "motion")
    if softness > 0.2:
        page = page.filter(ImageFilter.GaussianBlur(softness * unit))
    if kind == "motion":
        page = _smeared(page, random)
    if kind == "half_blur":
        soft, mask = page.filter(ImageFilter.GaussianBlur(4 * unit)), Image.linear_gradient("L").resize(page.size)
        page = Image.composite(soft, page, mask.point([255 if level > 120 else 0 for level in range(256)]))
    if kind == "bilevel":
        return page.convert("L").point([255 if level > 150 else 0 for level in range(256)])
    return _grained(page, random, random.uniform(0.5, 6))


def file(kind: str, number: int, width: int | None = None) -> bytes:
    """The file: JPEG of a quality between 55 and 92, the black and white ones PNG; parameters as of `picture`."""
    made, random, output = picture(kind, number, width), Random(f"file {kind} {number}"), io.BytesIO()  # noqa: S311
    if kind == "bilevel":
        made.convert("1").save(output, "PNG")
    else:
        made.save(output, "JPEG", quality=random.choice((55, 65, 75, 85, 92)))
    return output.getvalue()

"""Measuring a picture of a proof: sharpness, ink, contrast, and what runs over the border. Pure; runs in the sandbox.

All of it is done with whole-picture operations of Pillow on one grey picture of a fixed width, so that a scan of 300 dpi
and a photograph of twelve million pixels are measured alike.
"""

from PIL import Image, ImageChops, ImageFilter, ImageStat

from registry.proof_judgement import Measures

WORKING = 1000
"""Pixels of the shorter side at which a picture is measured: A4 at 121 dpi. A smaller one is measured as it is."""
_PAD = 34
"""Wider than the surroundings of a stroke, so that a shadow along the border is none."""
_STROKE = 15
"""Pixels each way that a stroke's surroundings reach: what is dark and wider than 31 is no stroke, but table or shadow."""
_STRIP = 4
"""Pixels from the border within which writing counts as cut: a gap between two characters is no wider."""
_LEAST_HAT = 24
"""Grey steps below which a dark spot is texture of the paper."""
_GRID = (4, 6)
_X, _Y = (1, 0), (0, 1)


def measure(picture: Image.Image, size: tuple[int, int]) -> Measures:
    """The measures of a picture.

    :param picture: mode L, upright, no smaller than `working_size(size)`. :param size: what the file's own size is.
    """
    wanted = working_size(size)
    grey = picture if picture.size == wanted else picture.resize(wanted, Image.Resampling.BOX)
    padded = _padded(grey)
    hat = _strokes(padded)
    contrast = _percentile(hat, 0.997)
    least = max(_LEAST_HAT, contrast * 2 // 5)
    ink = hat.point([255 if level >= least else 0 for level in range(256)])
    share = ImageStat.Stat(ink).mean[0] / 255 * 1000
    return Measures(*size, _sharpness(padded), round(share, 1), contrast, _crossings(ink))


def working_size(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height at which a picture of this size is measured."""
    ratio = min(1, WORKING / max(1, min(size)))
    return max(1, round(size[0] * ratio)), max(1, round(size[1] * ratio))


def _padded(grey: Image.Image) -> Image.Image:
    """The picture with its border pixels carried on outwards: a dark rim of the scanner stays a wide dark thing."""
    width, height = grey.size
    wide = Image.new("L", (width + 2 * _PAD, height))
    wide.paste(grey, (_PAD, 0))
    for column, place in ((0, 0), (width - 1, width + _PAD)):
        wide.paste(grey.crop((column, 0, column + 1, height)).resize((_PAD, height)), (place, 0))
    padded = Image.new("L", (wide.width, height + 2 * _PAD))
    padded.paste(wide, (0, _PAD))
    for row, place in ((0, 0), (height - 1, height + _PAD)):
        padded.paste(wide.crop((0, row, wide.width, row + 1)).resize((wide.width, _PAD)), (0, place))
    return padded


def _inner(padded: Image.Image) -> Image.Image:
    return padded.crop((_PAD, _PAD, padded.width - _PAD, padded.height - _PAD))


def _spread(image: Image.Image, reach: int, axis: tuple[int, int], pick=ImageChops.lighter) -> Image.Image:
    """The lightest (or what `pick` picks) of the 2 × reach + 1 pixels around each along an axis."""
    whole, covered = 2 * reach + 1, 1
    while covered < whole:  # each round doubles what is looked at
        step = min(covered, whole - covered)
        image = pick(image, ImageChops.offset(image, -step * axis[0], -step * axis[1]))
        covered += step
    return ImageChops.offset(image, reach * axis[0], reach * axis[1])


def _strokes(padded: Image.Image) -> Image.Image:
    """How much darker than its surroundings each pixel is, where what is dark there is as narrow as a stroke."""
    soft = padded.filter(ImageFilter.BoxBlur(1))
    closed = soft
    for pick in (ImageChops.lighter, ImageChops.darker):
        closed = _spread(_spread(closed, _STROKE, _X, pick), _STROKE, _Y, pick)
    return _inner(ImageChops.subtract(closed, soft))


def _percentile(image: Image.Image, share: float) -> int:
    """The grey level that this share of the pixels does not exceed."""
    counts, seen = image.histogram(), 0
    wanted = share * sum(counts)
    for level, count in enumerate(counts):
        seen += count
        if seen >= wanted:
            return level
    return 255


def _crossings(ink: Image.Image) -> tuple[int, int, int, int]:
    """Runs of ink along each border's strip: left, upper, right, lower."""
    width, height = ink.size
    strips = []
    for turned in (ink, ink.transpose(Image.Transpose.TRANSPOSE)):
        for near in (range(_STRIP), range(turned.width - _STRIP, turned.width)):
            columns = [turned.crop((x, 0, x + 1, turned.height)) for x in near]
            seen = columns[0]
            for column in columns[1:]:
                seen = ImageChops.lighter(seen, column)
            strips.append(sum(bool(run) for run in seen.tobytes().split(b"\0")))
    left, right, top, bottom = strips
    return left, top, right, bottom


def _sharpness(padded: Image.Image) -> int:
    """Percent of a step that lies within two pixels: per part of the page the less sharp direction, then a low quartile.

    The two directions apart, because a hand that moved leaves strokes along its way sharp; the page in parts, because
    one half of it may be out of focus.
    """
    steps = [_steps(padded, *axes) for axes in ((_X, _Y), (_Y, _X))]
    least = max(_LEAST_HAT, max(_percentile(far, 0.995) for _, far in steps) * 3 // 20)
    parts = [part for part in (_part(steps, box, least) for box in _boxes(steps[0][0].size)) if part is not None]
    return min(100, round(100 * sorted(parts)[len(parts) // 4])) if parts else 0


def _steps(padded: Image.Image, along: tuple[int, int], across: tuple[int, int]):
    """Around each pixel: the largest change within two pixels, and that within eight."""
    sides = (0, 1, 0) * 3 if across == _Y else (0, 0, 0, 1, 1, 1, 0, 0, 0)
    calm = padded.filter(ImageFilter.Kernel((3, 3), sides))  # takes the noise out, and leaves the edge as steep
    near, far = (
        ImageChops.subtract(_spread(calm, reach, along), _spread(calm, reach, along, ImageChops.darker))
        for reach in (1, 4)
    )
    return _inner(_spread(near, 4, along)), _inner(far)


def _boxes(size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    columns, rows = _GRID
    xs, ys = ([size[n] * i // count for i in range(count + 1)] for n, count in ((0, columns), (1, rows)))
    return [(xs[i], ys[j], xs[i + 1], ys[j + 1]) for j in range(rows) for i in range(columns)]


def _part(steps, box: tuple[int, int, int, int], least: int) -> float | None:
    """The steepness of one part of the page; None where it has too few edges that are strong on this page.

    :param least: grey steps that an edge must have here; far fewer than elsewhere, as blur makes edges weak.
    """
    found = []
    for images in steps:
        near, far = (image.crop(box) for image in images)
        bound = max(least, _percentile(far, 0.99) * 3 // 5)
        strong = far.point([255 if level >= bound else 0 for level in range(256)])
        edge = ImageStat.Stat(far, strong)
        if edge.count[0] >= max(30, far.width * far.height // 200):
            found.append(ImageStat.Stat(near, strong).sum[0] / edge.sum[0])
    return min(found, default=None)

"""The counts as bars: drawn with SVG attributes alone, beside words and figures, so that it can be read as text too."""

from dataclasses import dataclass

from registry.rosters.counting import Counts

MOST_BARS, MOST_PARTS = 30, 6
"""More bars make no picture, more shades cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: shade (class `s0` … of the style sheet), where it begins and how wide it is, in percent."""

    shade: int
    begins: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One group of the table."""

    label: str
    parts: tuple[Part, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Chart:
    """:param legend: shade and its word, in the order of the parts; empty where the bar is of one piece."""

    bars: tuple[Bar, ...]
    legend: tuple[tuple[int, str], ...]
    left_out: int


def chart_of(counts: Counts) -> Chart | None:
    """The largest groups, longest possible bar for the largest; None where there is nobody to draw."""
    largest = max((line.total for line in counts.lines), default=0)
    if not largest:
        return None
    split = 1 < len(counts.heads) <= MOST_PARTS
    lines = counts.lines
    if len(lines) > MOST_BARS:
        kept = set(sorted(lines, key=lambda line: -line.total)[:MOST_BARS])
        lines = tuple(line for line in lines if line in kept)[:MOST_BARS]
    bars = tuple(
        Bar(line.label, _parts(line.figures if split else (line.total,), largest), line.total) for line in lines
    )
    return Chart(bars, tuple(enumerate(counts.heads)) if split else (), len(counts.lines) - len(bars))


def _parts(figures: tuple[int, ...], largest: int) -> tuple[Part, ...]:
    parts, begins = [], 0
    for shade, figure in enumerate(figures):
        if figure:
            parts.append(Part(shade, _percent(begins, largest), _percent(figure, largest)))
        begins += figure
    return tuple(parts)


def _percent(figure: int, largest: int) -> str:
    return f"{100 * figure / largest:.2f}%"

"""The table of the README: ratios first, what is out of bounds marked."""

import os
import platform

MOST_QUERIES, MOST_TIMES, MOST_GROWTH = 12, 2.5, 1.3
WORDS = {
    "imports": ("预检并导入20,000行录取名单 ÷ calamine读取加COPY", 4),
    "numbers": ("下发1,000个学号 ÷ 对同样的行一条UPDATE", 10),
    "papers": ("附件2 1,000行 ÷ 只用WeasyPrint排同一张表", 1.3),
}
MEMORY = 400


def _mark(text: str, good: bool) -> str:
    return text if good else f"**{text}**"


def written(small: dict, large: dict, few: int, many: int) -> tuple[str, bool]:
    """The table of pages, and whether all is within bounds."""
    lines = [
        f"机器：{os.cpu_count()}核，{platform.system()} {platform.machine()}，Python {platform.python_version()}；"
        f"门槛为3次查询、50行模板的空白Django视图（{large['floor']['ms']:.1f} ms）。粗体为超出界限。",
        "",
        f"| 页面 | ÷门槛（≤{MOST_TIMES}） | {many:,} ÷ {few:,}（≤{MOST_GROWTH}） | 查询（≤{MOST_QUERIES}） | ms |",
        "|---|---|---|---|---|",
    ]
    kept = True
    for name, figures in large.items():
        if name == "floor":
            continue
        times = figures["ms"] / large["floor"]["ms"]
        # Both sizes ran one after the other: each is taken against the floor of its own run.
        growth = times / (small[name]["ms"] / small["floor"]["ms"])
        queries, same = figures["queries"], figures["queries"] == small[name]["queries"]
        good = (times <= MOST_TIMES, growth <= MOST_GROWTH, queries <= MOST_QUERIES and same)
        kept = kept and all(good)
        counted = str(queries) if same else f"{small[name]['queries']}→{queries}"
        cells = (_mark(f"{times:.2f}", good[0]), _mark(f"{growth:.2f}", good[1]), _mark(counted, good[2]))
        lines.append(f"| {name} | {' | '.join(cells)} | {figures['ms']:.1f} |")
    return "\n".join(lines), kept


def work_rows(works: dict[str, dict]) -> tuple[str, bool]:
    """The table of imports, numbers and papers, and whether all is within bounds."""
    lines, kept = ["| 工作 | 比值 | 界限 | 本门户 s | 门槛 s |", "|---|---|---|---|---|"], True
    for part, (words, most) in WORDS.items():
        if part in works:
            ratio = works[part]["s"] / works[part]["floor"]
            kept = kept and ratio <= most
            cells = (
                _mark(f"{ratio:.2f}", ratio <= most),
                f"≤{most}",
                f"{works[part]['s']:.2f}",
                f"{works[part]['floor']:.2f}",
            )
            lines.append(f"| {words} | {' | '.join(cells)} |")
    if long := works.get("long_paper"):
        good = long["mb"] <= MEMORY
        kept = kept and good
        memory = _mark(f"{long['mb']:.0f} MB", good)
        lines.append(f"| 附件2 20,000行分段，最大的进程 | {memory} | ≤{MEMORY} MB | {long['s']:.0f} | — |")
    return "\n".join(lines), kept

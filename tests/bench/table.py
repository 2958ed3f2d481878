"""The tables of the README: ratios first, bound and verdict beside each, what is out of bounds in bold."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

MOST_QUERIES, MOST_TIMES, MOST_GROWTH = 12, 2.5, 1.3
WORDS = {
    "imports": ("预检并导入20,000行录取名单 ÷ calamine读取加COPY", 4),
    "roster_check": ("其中预检10,000行国网71列文件 ÷ calamine读取加COPY", 3),
    "roster_import": ("其中导入这10,000行 ÷ calamine读取加COPY", 3),
    "roster": ("预检并导入10,000行国网71列文件 ÷ calamine读取加COPY到一张没有索引和外键的空表", 3),
    "roster_in_tables": ("同上 ÷ calamine读取加COPY，再把同样的行COPY到学籍各表（同样的索引和外键）", 3),
    "comparison": ("比对国网、省网各20,000人和本门户学籍 ÷ calamine读取两份名册", 5),
    "verification": ("发起全州各校各班的信息核查 ÷ 两条CREATE TABLE … AS SELECT，没有索引和外键", 5),
    "problems": ("全库查找一次问题学籍，植入500件 ÷ 两条GROUP BY，加逐个解开证件号", 3),
    "numbers": ("下发1,000个学号 ÷ 对同样的行一条UPDATE", 10),
    "papers": ("附件2 1,000行 ÷ 只用WeasyPrint排同一张表", 1.3),
}
MEMORY = 400
MARKS = ("<!-- bench -->", "<!-- /bench -->")
VERDICT = {True: "合格", False: "**超出**"}


def machine(pages: dict | None) -> str:
    """Where and when it was run."""
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    model = found[1].strip() if found else platform.machine()
    floor = f"；门槛：3次查询、50行模板的空白Django视图，{pages['floor']['ms']:.1f} ms" if pages else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}，{os.cpu_count()}核 {model}，{platform.system()}，Python {platform.python_version()}；"
        f"开始前一分钟平均负载{os.getloadavg()[2]:.1f}{floor}。"
    )


def page_rows(small: dict, large: dict, few: int, many: int) -> tuple[str, bool]:
    """The table of pages, and whether all is within bounds."""
    head = f"页面 | ÷门槛（≤{MOST_TIMES}） | {many:,} ÷ {few:,}名学生，行数相同（≤{MOST_GROWTH}） | 查询（≤{MOST_QUERIES}） | 结论 | ms"
    lines, kept = [f"| {head} |", "|---|---|---|---|---|---|"], True
    for name, figures in large.items():
        if name == "floor":
            continue
        times = figures["ms"] / large["floor"]["ms"]
        # Each against the floor of its own process.
        growth = figures["alike"] / large["floor"]["ms"] / (small[name]["alike"] / small["floor"]["ms"])
        queries, same = figures["queries"], figures["queries"] == small[name]["queries"]
        good = (times <= MOST_TIMES, growth <= MOST_GROWTH, queries <= MOST_QUERIES)
        kept = kept and all(good)
        counted = str(queries) if same else f"{small[name]['queries']}→{queries}"
        cells = (_mark(f"{times:.2f}", good[0]), _mark(f"{growth:.2f}", good[1]), _mark(counted, good[2]))
        lines.append(f"| {name} | {' | '.join(cells)} | {VERDICT[all(good)]} | {figures['ms']:.1f} |")
    return "\n".join(lines), kept


def work_rows(works: dict[str, dict]) -> tuple[str, bool]:
    """The table of imports, numbers and papers, and whether all is within bounds."""
    lines, kept = ["| 工作 | 比值 | 界限 | 结论 | 本门户 s | 门槛 s |", "|---|---|---|---|---|---|"], True
    for part, (words, most) in WORDS.items():
        if part in works:
            ours, floor = works[part]["s"], works[part]["floor"]
            good = ours / floor <= most
            kept = kept and good
            ratio = _mark(f"{ours / floor:.2f}", good)
            cells = [_seconds(seconds, works[part].get("rows")) for seconds in (ours, floor)]
            lines.append(f"| {words} | {ratio} | ≤{most} | {VERDICT[good]} | {' | '.join(cells)} |")
    if long := works.get("long_paper"):
        good = long["mb"] <= MEMORY
        kept = kept and good
        words, memory = "附件2 20,000行，分段，各核并行：最大的进程", _mark(f"{long['mb']:.0f} MB", good)
        lines.append(f"| {words} | {memory} | ≤{MEMORY} MB | {VERDICT[good]} | {long['s']:.0f} | — |")
    return "\n".join(lines), kept


def into(readme: str, text: str) -> str:
    """The page with the tables between their marks."""
    begin, end = MARKS
    before, _, rest = readme.partition(begin)
    return f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}"


def _seconds(seconds: float, rows: int | None) -> str:
    return f"{seconds:.2f}（每秒{rows / seconds:,.0f}行）" if rows else f"{seconds:.2f}"


def _mark(text: str, good: bool) -> str:
    return text if good else f"**{text}**"

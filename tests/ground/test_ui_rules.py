"""The rules of the interface that can be read off its files: style sheet, script, templates (no browser needed)."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "linxia_xueji" / "static"
TEMPLATES = ROOT / "templates"
CSS = re.sub(r"/\*.*?\*/", "", (STATIC / "portal.css").read_text("utf-8"), flags=re.S)
TOKENS = dict(re.findall(r"--([\w-]+):\s*([^;]+);", CSS[CSS.index(":root") : CSS.index("}", CSS.index(":root"))]))
# What WeasyPrint prints has its own style sheets; the sheets it shares with the pages begin with an underscore.
PAGES = [
    path for path in sorted(TEMPLATES.rglob("*.html")) if path.parent.name != "documents" or path.name.startswith("_")
]
FOREIGN_WORDS = {"Excel", "PDF", "ZIP", "KB", "MB", "A4", "xlsx", "OpenAPI", "Authorization", "Bearer"}

BANNED_CSS = {
    ":has()": r":has\(",
    "color-mix()": r"color-mix\(",
    "oklch()": r"oklch\(",
    "light-dark()": r"light-dark\(",
    "@layer": r"@layer\b",
    "@container": r"@container\b",
    "inset:": r"(?<![\w-])inset(-\w+)*\s*:",
    "aspect-ratio": r"aspect-ratio",
    "dvh": r"\d(dvh|svh|lvh)\b",
    "nesting": r"(?<![\w-])&",
    "italics": r"font-style:\s*italic",
    "justified text": r"text-align:\s*justify",
    "letter-spacing": r"letter-spacing",
    "other weights": r"font-weight:\s*(?!400|700)\w+",
    "remote parts": r"@import|https?:|@font-face",
}
BANNED_MARKUP = {
    "inline style": r"<[^>]*\sstyle\s*=",
    "inline handler": r"<[^>]*\son\w+\s*=",
    "style element": r"<style\b",
    "inline script": r"<script(?![^>]*\bsrc=)",
    "htmx handler": r"\bhx-(on|vars)\b|[\"']js:",
    "remote part": r"(src|href)=[\"'](https?:)?//",
    "colour": r"[\"'\s:]#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b(?=[\"';\s])",
    "positive tabindex": r"tabindex=[\"'][1-9]",
    "head cell without scope": r"<th(?=[\s>])(?![^>]*\bscope=)",
    "unsafe output": r"\|\s*safe\b|autoescape off",
}
SHORT_FORMS = (
    "url '(login|sign_in_code|password|second_factor|registry:comparisons|registry:comparison_upload|registry:comparison_columns|registry:verifications|"
    "registry:uploads|registry:offices|registry:rosters|registry:upload_entrants|registry:check|approvals:digest_address)'"
)
"""Forms of short fields or of secrets: sign-in, password, the file of a list or of an office, the code of a paper, an address."""
BANNED_WORDS = "您 你 我们 ！ 驳回 拒绝 打回 核办不通过 归档完成 下载报表 输入有误 逾期 失败 异常".split()

# (foreground, background, least contrast): text 4.5, what only carries shape 3.
TEXT = 4.5
SHAPE = 3.0
ON = {
    "ink ink-2 ink-3": "bg surface surface-2 primary-w mute-w prob",
    "ok warn bad": "surface surface-2 prob primary-w",
    "primary": "bg surface surface-2 primary-w prob info-w ok-w warn-w bad-w",
    "on": "brand primary primary-d bad-s ok",
    "ink": "info-w ok-w warn-w bad-w",
    "brand": "brand-w",
    "primary-d": "primary-w surface",
    "warn": "blank-w warn-w",
    "print": "paper",
}
EDGES = {"control focus bad-s": "bg surface", "warn": "warn-l"}
PAIRS = [
    *[(tone, f"{tone}-w", TEXT) for tone in ("ok", "warn", "bad", "info", "mute", "up")],
    *[(i, g, TEXT) for inks, grounds in ON.items() for i in inks.split() for g in grounds.split()],
    *[(i, g, SHAPE) for edges, grounds in EDGES.items() for i in edges.split() for g in grounds.split()],
]


def markup(path: Path) -> str:
    """A template without its comments."""
    return re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}|<!--.*?-->", "", path.read_text("utf-8"), flags=re.S)


def words(path: Path) -> str:
    """What a template says to people: its text, its labels and the literals it hands to components."""
    text = markup(path)
    literals = re.findall(r"{%[^%]*%}", text)
    said = [s for tag in literals for s in re.findall(r'"([^"]*[\u4e00-\u9fff][^"]*)"', tag)]
    bare = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.S)
    labels = re.findall(r'(?:aria-label|title|placeholder|data-l)="([^"]*)"', bare)
    bare = re.sub(r"<(meta|script|svg).*?(/svg>|/script>|>)", " ", bare, flags=re.S)
    return "\n".join([*said, *labels, re.sub(r"<[^>]*>", " ", bare)])


def luminance(token: str) -> float:
    """Relative luminance (WCAG 2.2) of a token's hex colour."""
    digits = TOKENS[token].lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("name", BANNED_CSS)
def test_the_style_sheet_keeps_to_the_baseline(name):
    assert re.findall(BANNED_CSS[name], CSS) == []


def test_colours_stand_only_in_the_tokens():
    rest = CSS[CSS.index("}", CSS.index(":root")) :]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?)\(", rest) == []


def test_every_token_used_is_defined():
    assert set(re.findall(r"var\(--([\w-]+)\)", CSS)) <= set(TOKENS)
    assert set(TOKENS) <= set(re.findall(r"var\(--([\w-]+)\)", CSS))


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_tokens_have_contrast(ink, ground, least):
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


def test_no_type_is_smaller_than_12_px():
    sizes = re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)rem", CSS)
    assert sizes and min(float(size) for size in sizes) >= 0.857
    assert re.findall(r"font-size:\s*[\d.]+px", CSS) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
class TestTemplate:
    def test_obeys_the_content_security_policy_and_the_tokens(self, path):
        text = markup(path)
        assert {name: re.findall(rule, text) for name, rule in BANNED_MARKUP.items() if re.search(rule, text)} == {}

    def test_speaks_the_portal_s_words(self, path):
        said = words(path)
        assert [word for word in BANNED_WORDS if word in said] == []

    def test_speaks_chinese(self, path):
        latin = set(re.findall(r"(?<![\w&-])[A-Za-z][A-Za-z0-9]+", re.sub(r"&\w+;", " ", words(path))))
        assert latin <= FOREIGN_WORDS

    def test_a_post_carries_its_token(self, path):
        forms = re.findall(r"<form[^>]*method=\"?post.*?</form>", markup(path), flags=re.S | re.I)
        assert [form[:80] for form in forms if "{% csrf_token %}" not in form] == []

    def test_a_form_in_which_people_type_keeps_drafts(self, path):
        """Those of the doors never; those of one short line or of a file alone need none."""
        forms = re.findall(r"<form[^>]*method=\"?post.*?</form>", markup(path), flags=re.S | re.I)
        if path.parent.name == "registration":
            return
        typing = [form for form in forms if "_components/field" in form or "<textarea" in form]
        assert {form[:80] for form in typing if not re.search(SHORT_FORMS, form)} == set()

    def test_enhanced_links_work_without_script(self, path):
        enhanced = re.findall(r"<(?:a|form|button)\b[^>]*\s(?:hx-get|hx-post|data-dlg)[^>]*>", markup(path))
        assert [tag for tag in enhanced if not re.search(r"\s(href|action|formaction)=", tag)] == []


def test_every_component_says_how_it_is_used():
    parts = sorted((TEMPLATES / "_components").glob("*.html"))
    assert parts and [p.name for p in parts if "{% comment %}" not in p.read_text("utf-8").split("<")[0]] == []


def test_every_icon_named_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (TEMPLATES / "_components" / "sprite.html").read_text("utf-8")))
    named = {name for path in PAGES for name in re.findall(r'{% icon "([^"]+)" %}|<use href="#([\w-]+)"', markup(path))}
    assert {a or b for a, b in named} <= sprite


def test_the_frame_configures_htmx():
    base = (TEMPLATES / "base.html").read_text("utf-8")
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", base)[1])
    assert config["allowEval"] is False and config["includeIndicatorStyles"] is False
    assert config["selfRequestsOnly"] is True and config["historyCacheSize"] == 0
    assert [rule for rule in config["responseHandling"] if rule["code"] == "422"] == [{"code": "422", "swap": True}]


def test_the_vendored_script_names_its_version_and_keeps_its_licence():
    scripts = list((STATIC / "vendor").glob("*.js"))
    assert [re.fullmatch(r"htmx-2\.\d+\.\d+\.min\.js", script.name) is not None for script in scripts] == [True]
    assert scripts[0].with_name(scripts[0].name.replace(".min.js", ".LICENSE.txt")).exists()


def test_the_script_evaluates_and_stores_nothing():
    script = (STATIC / "app.js").read_text("utf-8")
    assert re.findall(r"\beval\(|new Function|innerHTML|localStorage|sessionStorage|document\.write", script) == []


def test_the_page_of_maintenance_stands_by_itself_and_obeys_too():
    """nginx serves it while the portal is down: the style sheet beside it, no script, the portal's words."""
    page = ROOT / "deploy" / "maintenance.html"
    assert {name for name, rule in BANNED_MARKUP.items() if re.search(rule, markup(page))} == set()
    assert [word for word in BANNED_WORDS if word in words(page)] == [] and "{%" not in page.read_text("utf-8")
    assert "/maintenance.css" in page.read_text("utf-8") and "maintenance.html" in (
        ROOT / "deploy" / "nginx.conf.example"
    ).read_text("utf-8")

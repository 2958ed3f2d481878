"""Each dependency says what it is for, and is used."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(TEXT)["project"]
REQUIREMENTS = [*PROJECT["dependencies"], *(r for rs in PROJECT["optional-dependencies"].values() for r in rs)]
REQUIRED = {"django", "django-guardian", "django-import-export", "openpyxl", "weasyprint", "psycopg", "pytest-django"}


def bare(requirement: str) -> str:
    return re.split(r"[\[<>=~!; ]", requirement)[0].lower()


def test_each_line_says_what_it_is_for():
    lines = TEXT.splitlines()
    for requirement in REQUIREMENTS:
        (line,) = [text for text in lines if f'"{requirement}"' in text]
        assert re.search(r'",\s+# \w', line), line


def test_what_must_do_the_work_is_there():
    assert {bare(r) for r in REQUIREMENTS} >= REQUIRED


def test_each_is_locked():
    for lock, requirements in (
        ("requirements.lock", PROJECT["dependencies"]),
        ("requirements-test.lock", REQUIREMENTS),
    ):
        path = next(p for p in (ROOT / lock, ROOT / "bin" / lock, ROOT / "deploy" / lock) if p.exists())
        locked = {bare(line) for line in path.read_text(encoding="utf-8").splitlines() if "==" in line}
        assert {bare(r) for r in requirements} <= locked, lock


def test_only_what_belongs_there_lies_at_the_top():
    allowed = {
        "manage.py", "linxia_xueji", "registry", "transfers", "approvals", "templates", "fixtures", "tests",
        "pyproject.toml", "README.md", "bin", "deploy",
    }  # fmt: skip
    found = {p.name for p in ROOT.iterdir() if not p.name.startswith(".") and p.suffix != ".lock"}
    assert found - allowed - {"__pycache__"} == set()

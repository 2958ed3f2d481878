"""The generated tables of the README are true."""

import re
from pathlib import Path

from django.conf import settings

from registry.management.commands.readme_tables import PARTS, renewed


def test_generated_tables_are_true():
    text = (Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in text for name in PARTS)
    assert renewed(text) == text


def test_pictures_are_there():
    text = (Path(settings.BASE_DIR) / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)
    assert pictures
    assert not [p for p in pictures if not (Path(settings.BASE_DIR) / p).exists()]

"""What people read is Chinese: every model, field and choice has its label, every permission and role its name."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from approvals.kinds import all_kinds
from linxia_xueji.policy import SETTINGS
from linxia_xueji.rules import all_books
from registry.views.trail import _KEYS

OURS = ("linxia_xueji", "approvals", "registry", "transfers")
MODELS = [m for label in OURS for m in apps.get_app_config(label).get_models()]
INHERITED = {"id", "password", "last_login", "is_superuser", "groups", "user_permissions"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3,}")
# guardian's own two columns are shown on no page.
GUARDIAN_FIELDS = {"permission", "group", "user", "content_object"}


def named(text: object) -> bool:
    return bool(CHINESE.search(str(text))) and not LATIN.search(str(text))


def test_there_are_models():
    assert len(MODELS) > 30


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_model_and_fields_bear_chinese_names(model):
    assert named(model._meta.verbose_name)
    assert str(model._meta.verbose_name_plural) == str(model._meta.verbose_name)
    foreign = INHERITED | (GUARDIAN_FIELDS if "ObjectPermission" in model.__name__ else set())
    fields = [f for f in model._meta.get_fields() if isinstance(f, models.Field) and f.name not in foreign]
    assert [f.name for f in fields if not named(f.verbose_name)] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_choice_has_a_chinese_label(model):
    wrong = [
        (f.name, label)
        for f in model._meta.get_fields()
        if isinstance(f, models.Field) and f.choices
        for _, label in f.flatchoices
        if not named(label)
    ]
    assert wrong == []


@pytest.mark.parametrize("label", OURS)
def test_apps_bear_chinese_names(label):
    assert named(apps.get_app_config(label).verbose_name)


def test_settings_and_businesses_bear_chinese_names():
    assert all(named(s.label) for s in SETTINGS.values())
    assert all(named(text) for s in SETTINGS.values() for _, text in s.choices)
    assert all(named(k.label) and named(k.refuse_label) for k in all_kinds())
    assert all(named(book.label) and named(r.label) for book in all_books() for r in book.rules)


@pytest.mark.parametrize("model", [m for m in MODELS if m._meta.app_label == "approvals"], ids=lambda m: m._meta.label)
def test_the_chain_is_ignorant_of_students(model):
    related = [f.related_model for f in model._meta.get_fields() if isinstance(f, models.ForeignKey)]
    assert all(r._meta.app_label in {"linxia_xueji", "approvals", "auth"} for r in related)


def test_what_the_trail_keeps_has_words():
    """Every key written as such where something is recorded; the page of the trail would show it bare."""
    root, bare = Path(__file__).resolve().parents[2], set()
    files = [file for label in OURS for file in (root / label).rglob("*.py")]
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))):
        if isinstance(node, ast.keyword) and node.arg in ("before", "after"):
            kept = [part for part in ast.walk(node.value) if isinstance(part, ast.Dict)]
            names = {key.value for part in kept for key in part.keys if isinstance(key, ast.Constant)}
            bare |= {name for name in names if not CHINESE.search(name)} - _KEYS.keys()
    assert bare == set()

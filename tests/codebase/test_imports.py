"""The layers import one way, guardian and weasyprint through one module each; modules and views stay small."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("linxia_xueji", "approvals", "registry", "transfers")
MODULES = sorted(p for layer in LAYERS for p in (ROOT / layer).rglob("*.py"))
WRITTEN = [p for p in MODULES if "migrations" not in p.parts]
GUARDIAN = {"linxia_xueji/access.py", "linxia_xueji/models/people.py"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in the file it does."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_there_is_something_to_look_at():
    assert len(MODULES) > 80
    assert "linxia_xueji.enums.Permission" in set(imported(ROOT / "linxia_xueji" / "access.py"))


@pytest.mark.parametrize("layer", LAYERS)
def test_each_layer_imports_only_those_above_it(layer):
    below = LAYERS[LAYERS.index(layer) + 1 :]
    found = [
        (name(path), module)
        for path in MODULES
        if path.relative_to(ROOT).parts[0] == layer
        for module in imported(path)
        if module.split(".")[0] in below
    ]
    assert found == []


@pytest.mark.parametrize(
    "package, allowed",
    [
        ("guardian", GUARDIAN),
        ("weasyprint", {"linxia_xueji/pdf.py"}),
        ("pyhanko", {"linxia_xueji/signing.py"}),
    ],
)
def test_one_module_speaks_to_it(package, allowed):
    users = {name(p) for p in WRITTEN if any(m.split(".")[0] == package for m in imported(p))}
    assert users <= allowed
    assert users, "the module that speaks to it is gone"


def test_one_module_lets_papers_out():
    """PDFs are laid out by the forms alone, each declared once; only registry/paper_files.py, which gives each its mark, calls them."""
    page = "registry.documents.page.page_pdf"
    makers = {"linxia_xueji.pdf.html_to_pdf", "linxia_xueji.pdf.table_to_pdf", page}
    forms = {name(p) for p in WRITTEN if makers & set(imported(p))} - {"registry/documents/page.py"}
    assert {Path(form).parent.as_posix() for form in forms} == {"registry/documents", "transfers/documents"}
    writers = {
        f"{form.removesuffix('.py').replace('/', '.')}.{node.name}"
        for form in forms
        for node in ast.parse((ROOT / form).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.endswith("_pdf")
    }
    assert len(writers) >= len(forms)
    declared = {name(p) for p in WRITTEN if writers & set(imported(p))}
    assert declared == {"registry/own_papers.py", "transfers/own_papers.py"}
    takers = {name(p) for p in WRITTEN if ".writers[" in p.read_text(encoding="utf-8")}
    assert takers == {"registry/paper_files.py"}


def test_no_signals():
    banned = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals")
    assert [(name(p), m) for p in WRITTEN for m in imported(p) if m.startswith(banned)] == []


def test_no_drawer_for_everything():
    assert [name(p) for p in MODULES if p.stem in {"utils", "helpers", "common", "misc"}] == []


def test_modules_are_short():
    assert {name(p): n for p in WRITTEN if (n := len(p.read_text(encoding="utf-8").splitlines())) > 300} == {}


def views() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function that takes a request and answers it, by its decorators."""
    for path in WRITTEN:
        if "views" in path.parts or path.stem == "views":
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                arguments = node.args.args if isinstance(node, ast.FunctionDef) else []
                if arguments and arguments[0].arg == "request" and not node.name.startswith("_"):
                    yield f"{name(path)}:{node.name}", node


def lines_of(view: ast.FunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = view.body[1:] if ast.get_docstring(view) else view.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_views_are_short():
    assert {place: n for place, view in views() if (n := lines_of(view)) > 15} == {}


OPEN_TO_ALL = {
    "registry/views/check.py:check",
    "registry/views/check.py:check_code",
    "linxia_xueji/doors/views.py:sign_in",
    "linxia_xueji/doors/views.py:sign_in_code",
}
"""Whoever holds a paper may ask whether it is in force, and whoever wants in must come to the door. Another such view
must be entered here on purpose."""


def test_views_say_who_may_come_and_how():
    """`login_required` first, then the methods they answer; GET never writes because it is not let in."""
    wanted = {"require_GET", "require_POST", "require_http_methods", "require_safe"}
    bare = []
    for place, view in views():
        decorators = [ast.unparse(d).split("(")[0] for d in view.decorator_list]
        signed_in = place in OPEN_TO_ALL or "login_required" == next(iter(decorators), "")
        if decorators and not (signed_in and wanted & set(decorators)):
            bare.append((place, decorators))
    assert bare == []


def test_no_plain_sql_is_put_together_from_text():
    """An f-string never reaches `execute`."""
    found = []
    for path in WRITTEN:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"execute", "raw", "extra"}:
                if any(isinstance(argument, ast.JoinedStr) for argument in node.args):
                    found.append((name(path), node.lineno))
    assert found == []


def test_every_module_and_public_function_says_what_it_is_for():
    silent = []
    for path in WRITTEN:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if tree.body and not ast.get_docstring(tree):
            silent.append(name(path))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                if not ast.get_docstring(node):
                    silent.append(f"{name(path)}:{node.name}")
    assert silent == []

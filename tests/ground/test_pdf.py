"""Printing fetches nothing from outside the project's own files, and names fonts that are there."""

import subprocess

import pytest
from django.conf import settings

from linxia_xueji.pdf import FONT_FAMILIES, ForbiddenAddress, ProjectFiles, html_to_pdf, page_count


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.css",
        "http://127.0.0.1/a.png",
        "ftp://example.org/a",
        "data:text/css,p{}",
        "file:///etc/passwd",
        "file://host/etc/passwd",
    ],
)
def test_foreign_addresses_are_refused(address):
    with pytest.raises(ForbiddenAddress):
        ProjectFiles().fetch(address)
    with pytest.raises(ForbiddenAddress):
        html_to_pdf(f'<link rel="stylesheet" href="{address}"><p>甲', "")


def test_the_way_up_is_refused():
    base = (settings.BASE_DIR / "templates").as_uri()
    with pytest.raises(ForbiddenAddress):
        ProjectFiles().fetch(f"{base}/../manage.py")
    with pytest.raises(ForbiddenAddress):
        ProjectFiles().fetch(f"{base}/%2e%2e/manage.py")


def test_project_files_are_opened():
    address = (settings.BASE_DIR / "templates" / "registry" / "documents" / "annex1.css").as_uri()
    assert page_count(html_to_pdf(f'<link rel="stylesheet" href="{address}"><p>甲', "")) == 1


@pytest.mark.parametrize("family", FONT_FAMILIES)
def test_fonts_are_installed(family):
    found = subprocess.check_output(["fc-match", "-f", "%{family}", family], text=True)
    assert family in found.split(",")

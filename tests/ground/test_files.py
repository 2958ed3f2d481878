"""One store by content hash, encrypted, outside what is served; rights belong to the use, not to the hash."""

import hashlib

import pytest
from django.conf import settings as django_settings

from linxia_xueji.files import keep, read
from linxia_xueji.models import FileUse, StoredFile, scope_of
from linxia_xueji.serving import stored_file
from tests.world import COUNTY_SCHOOL, OTHER_COUNTY, OTHER_SCHOOL

CONTENT = "户籍证明 622924201003050017".encode() * 20


@pytest.fixture
def use(world) -> FileUse:
    return kept(world, COUNTY_SCHOOL)


def kept(world, code, party=None) -> FileUse:
    return keep(
        content=CONTENT,
        name="../../etc/户籍证明.pdf",
        content_type="application/pdf",
        purpose="更正证明",
        scope=scope_of(world.organisation(code)),
        by=world.registrar(code),
        party=party,
    )


def test_what_is_kept_is_read_back(use):
    assert read(use) == CONTENT
    assert use.stored_id == hashlib.sha256(CONTENT).hexdigest()
    assert use.name == "户籍证明.pdf"


def test_on_disk_it_is_sealed_and_private(use, file_store):
    (path,) = [p for p in file_store.rglob("*") if p.is_file()]
    assert path.name == use.stored_id
    assert CONTENT[:12] not in path.read_bytes()
    assert b"622924201003050017" not in path.read_bytes()
    assert path.parent.stat().st_mode & 0o077 == 0


def test_it_lies_outside_what_is_served(use):
    assert not str(django_settings.FILE_STORE).startswith(str(django_settings.STATIC_ROOT))
    assert not getattr(django_settings, "MEDIA_URL", "").strip("/")


def test_one_content_is_kept_once_and_each_use_has_its_own_readers(world, use, file_store):
    other = kept(world, OTHER_SCHOOL)
    assert StoredFile.objects.count() == 1
    assert len([p for p in file_store.rglob("*") if p.is_file()]) == 1
    assert list(FileUse.objects.visible_to(world.registrar(COUNTY_SCHOOL))) == [use]
    assert list(FileUse.objects.visible_to(world.registrar(OTHER_SCHOOL))) == [other]
    assert set(FileUse.objects.visible_to(world.centre)) == {use, other}


def test_a_party_asked_in_may_see_it(world):
    use = kept(world, COUNTY_SCHOOL, party=world.organisation(OTHER_COUNTY))
    assert use in FileUse.objects.visible_to(world.user("county_reviewer", OTHER_COUNTY))
    assert use not in FileUse.objects.visible_to(world.registrar(OTHER_SCHOOL))


def test_it_is_served_to_its_readers_and_a_stranger_finds_nothing(world, use, client):
    address = f"/files/{use.pk}/"
    assert client.get(address).status_code == 302
    client.force_login(world.registrar(OTHER_SCHOOL))
    assert client.get(address).status_code == 404
    client.force_login(world.county)
    response = client.get(address)
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    ("content", "claimed", "kind", "shown"),
    [
        (b"%PDF-1.7", "application/pdf", "application/pdf", "inline"),
        (b"<html>", "image/png", "application/octet-stream", "attachment"),
        (b"PK", "application/zip", "application/zip", "attachment"),
    ],
)
def test_it_is_what_its_content_says(world, client, content, claimed, kind, shown):
    use = keep(
        content=content, name="x", content_type=claimed, purpose="证明", scope=scope_of(world.organisation(COUNTY_SCHOOL)),
        by=world.county,
    )  # fmt: skip
    answer = stored_file(use)
    assert (answer["Content-Type"], answer.content) == (kind, content)
    assert (
        answer["Content-Disposition"].startswith(f"{shown}; filename*=utf-8''%E8%AF%81")
        and "no-store" in answer["Cache-Control"]
    )


def test_files_sealed_under_an_old_key_stay_readable(use, settings):
    settings.FIELD_KEYS = {"new": b"n" * 32, **settings.FIELD_KEYS}
    assert read(use) == CONTENT

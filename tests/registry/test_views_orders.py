"""Large files are made by the worker: signed out, stranger, colleague, progress, the file, what keeps it from being made."""

import pytest
from django.urls import reverse

from linxia_xueji.files import keep
from linxia_xueji.models import TrailEntry
from linxia_xueji.models.scope import same_scope
from registry import orders
from registry.enums import OrderState
from registry.models import FileOrder
from registry.orders import make_order
from tests.registry.admissions_walk import list_of, sound_number, take_in
from tests.world import OTHER_SCHOOL


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch):
    monkeypatch.setattr(orders, "AT_ONCE", 0)


@pytest.fixture
def asked(world, client) -> FileOrder:
    """附件2 of a batch, asked for by its registrar."""
    batch = world.batch(2)
    client.force_login(world.registrar())
    answer = client.post(reverse("registry:annex_file", args=[batch.pk, "annex2", "pdf"]))
    order = FileOrder.objects.get()
    assert answer.url == page(order)
    return order


def page(order: FileOrder, name: str = "order") -> str:
    return reverse(f"registry:{name}", args=[order.pk])


def test_signed_out_strangers_and_colleagues(asked, world, client):
    make_order(asked.pk)
    client.logout()
    assert client.get(page(asked)).url.startswith("/login/")
    assert client.post(page(asked, "order_file")).url.startswith("/login/")
    for user in (world.registrar(OTHER_SCHOOL), world.head(), world.centre):
        client.force_login(user)
        assert client.get(page(asked)).status_code == client.get(page(asked, "order_progress")).status_code == 404
        assert client.post(page(asked, "order_file")).status_code == 404


def test_progress_then_the_file_on_record(asked, client, world):
    shown = client.get(page(asked)).content.decode()
    assert "等待制作" in shown and 'content="3"' in shown and "hx-get" in shown
    early = client.post(page(asked, "order_file"), follow=True)
    assert "文件还没有做好" in early.content.decode()
    make_order(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.done, asked.total) == (OrderState.DONE, 2, 2) and b"%PDF" not in bytes(asked.sealed)
    assert "文件已做好" in client.get(page(asked)).content.decode()
    polled = client.get(page(asked, "order_progress")).content.decode()
    assert 'data-say="已完成"' in polled and "hx-get" not in polled
    assert not TrailEntry.objects.filter(action="导出附件2").exists()
    file = client.post(page(asked, "order_file"))
    assert file.content.startswith(b"%PDF") and "attachment" in file["Content-Disposition"]
    assert TrailEntry.objects.get(action="导出附件2").after["count"] == 2
    make_order(asked.pk)  # a job run twice makes nothing twice
    client.post(reverse("registry:bundle", args=[asked.batch_id]))
    assert FileOrder.objects.get().kind == "bundle"


def test_what_keeps_a_file_from_being_made_is_told(world, client):
    upload = take_in(world, list_of(world, sound_number("622924201003050190")))
    type(upload).objects.filter(pk=upload.pk).update(total=1)
    client.force_login(world.centre)
    client.post(reverse("registry:upload_marked", args=[upload.pk]))
    order = FileOrder.objects.get()
    spoilt = keep(
        content=b"spoilt", name="x.xlsx", content_type="x", purpose="x", scope=same_scope(upload.file), by=world.centre
    )
    type(upload).objects.filter(pk=upload.pk).update(file=spoilt)
    make_order(order.pk)
    shown = client.get(page(order)).content.decode()
    assert "这不是.xlsx工作簿" in shown and "hx-get" not in shown

"""No change of a model without its migration; every migration can be undone."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = ("linxia_xueji", "approvals", "registry", "transfers")


@pytest.mark.django_db
def test_none_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_all_are_applied_and_each_app_has_one_end():
    loader = MigrationLoader(connection)
    assert not loader.detect_conflicts()
    assert set(loader.disk_migrations) <= set(loader.applied_migrations)


def test_every_migration_can_be_undone():
    disk = MigrationLoader(None).disk_migrations
    stuck = [key for key, m in disk.items() if key[0] in OURS and not all(o.reversible for o in m.operations)]
    assert stuck == []

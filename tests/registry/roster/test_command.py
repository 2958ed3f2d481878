"""`import_register`: JSON on stdout, a sentence and 2 where it cannot be."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registry.models import Enrolment
from tests.registry.roster.export import export, pupil
from tests.world import COUNTY_SCHOOL


def run(path, *arguments) -> dict:
    out = StringIO()
    call_command("import_register", str(path), "--school", COUNTY_SCHOOL, *arguments, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


@pytest.fixture
def path(world, tmp_path):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(export([pupil(1), pupil(2, 性别="?")]))
    return file


def test_the_check_writes_nothing(path):
    told = run(path, "--check")
    assert (told["rows"], told["valid"], Enrolment.objects.count()) == (2, 1, 0)
    assert [(f["row"], f["code"]) for f in told["faults"]] == [(3, "sex_unknown")]


def test_the_import_in_the_name_of_a_person(world, path):
    told = run(path, "--by", world.county.username, "--only-clean")
    assert (told["add"], told["same"], Enrolment.objects.count()) == (1, 0, 1)
    assert run(path, "--by", world.county.username, "--only-clean")["same"] == 1


def test_refusals_end_with_two(world, path, tmp_path):
    for arguments in (["--by", world.county.username], ["--by", world.registrar().username, "--only-clean"]):
        with pytest.raises(SystemExit) as ended:
            run(path, *arguments)
        assert ended.value.code == 2
    with pytest.raises(SystemExit):
        run(tmp_path / "none.xlsx", "--check")
    with pytest.raises(CommandError, match="--by"):
        run(path)
    with pytest.raises(CommandError, match="没有代码为9的机构"):
        call_command("import_register", str(path), "--school", "9")
    assert Enrolment.objects.count() == 0

"""`eligibility FILE.json`: the book the pages use, on facts that stand for themselves; stable for other programs."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

CASES = Path(__file__).resolve().parents[1] / "transfers" / "data" / "eligibility.json"
KNOWN = json.loads(CASES.read_text(encoding="utf-8"))


def run(path) -> list[dict]:
    out = StringIO()
    call_command("eligibility", str(path), stdout=out)
    return json.loads(out.getvalue())


def refused(path) -> bool:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("eligibility", str(path), stdout=out)
    return (error.value.returncode, out.getvalue()) == (2, "")


def test_every_worked_case_comes_out_as_written():
    """Without the database: nothing is read from it."""
    expected = [{"id": case["id"], **case["expect"]} for case in KNOWN]
    assert len(expected) == 157
    assert len({case["business"] for case in KNOWN}) == 6
    assert run(CASES) == expected


def test_an_empty_list_is_judged_too(tmp_path):
    path = tmp_path / "none.json"
    path.write_text("[]")
    assert run(path) == []


@pytest.mark.parametrize("business", ["number_voiding", "voiding", "graduation", "Transfer", ""])
def test_a_business_without_such_a_book_is_refused_whole(tmp_path, business):
    path = tmp_path / "mixed.json"
    path.write_text(json.dumps([KNOWN[0], {**KNOWN[1], "business": business}]))
    assert refused(path)


@pytest.mark.parametrize(
    "text",
    ["", "{", "{}x", '{"id": 1}', "[1]", '["x"]', "[null]", "null", "1", '[{"id": "a", "business": "enrolment"}]',
     '[{"id": "a", "business": "enrolment", "facts": null}]', '[{"id": "a", "business": ["enrolment"], "facts": {}}]'],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(tmp_path, text):
    path = tmp_path / "bad.json"
    path.write_text(text)
    assert refused(path)


def test_a_missing_file_and_no_text_are_refused(tmp_path):
    assert refused(tmp_path / "nowhere.json")
    assert refused(tmp_path)
    (tmp_path / "gbk.json").write_bytes("[“]".encode("gbk"))
    assert refused(tmp_path / "gbk.json")


FIRST = {case["business"]: case for case in reversed(KNOWN)}


@pytest.mark.parametrize("business, fact", [(b, fact) for b, case in FIRST.items() for fact in sorted(case["facts"])])
def test_a_fact_that_is_missing_or_of_the_wrong_kind_is_refused(tmp_path, business, fact):
    path, case = tmp_path / "case.json", FIRST[business]
    without = {k: v for k, v in case["facts"].items() if k != fact}
    for facts in (without, {**without, fact: {"x": 1}}, {**without, fact: 1.5}):
        path.write_text(json.dumps([{**case, "facts": facts}]))
        assert refused(path), (fact, facts.get(fact))


def test_a_window_that_hangs_on_a_calendar_not_published_is_refused(tmp_path):
    term = {"half": "autumn", "starts": "2026-09-01", "ends": "2027-01-15"}
    facts = {**FIRST["transfer"]["facts"], "terms": [term], "applied_on": "2026-12-31"}
    path = tmp_path / "case.json"
    path.write_text(json.dumps([{**FIRST["transfer"], "facts": facts}]))
    assert refused(path)

"""What every book would let pass, one set of facts each, and the worked cases."""

import json
from datetime import date
from pathlib import Path

from linxia_xueji.enums import Sex, Stage
from transfers.books.key_info import KeyInfo, KeyInfoFacts
from transfers.books.reports import AbroadFacts, DeathFacts, ExpulsionFacts
from transfers.books.resumption import ResumptionFacts
from transfers.books.suspension import SuspensionFacts
from transfers.books.terms import GivenTerm, Season, national_calendar
from transfers.books.transfer import Side, TransferFacts
from transfers.books.withdrawal import WithdrawalFacts

CASES = json.loads((Path(__file__).parents[1] / "data" / "eligibility.json").read_text(encoding="utf-8"))

SPRING = GivenTerm(date(2026, 3, 2), date(2026, 7, 10), Season.SPRING)
AUTUMN = GivenTerm(date(2026, 9, 1), date(2027, 1, 15), Season.AUTUMN)
TERMS = (GivenTerm(date(2025, 9, 1), date(2026, 1, 16), Season.AUTUMN), SPRING, AUTUMN)
TO = Side("3162000002", "622922", grades=frozenset({10, 11, 12}))

ELIGIBLE_TRANSFER = TransferFacts(
    applied_on=date(2026, 3, 10),
    stage=Stage.SENIOR,
    grade=11,
    status="enrolled",
    from_school=Side("3162000001", "622921", urban_area="临夏市城区"),
    to_school=TO,
    to_stage=Stage.SENIOR,
    to_grade=11,
    open_business=False,
    proofs=frozenset({"base_info_sheet", "both_principals", "academic_results"}),
    terms=TERMS,
    calendar=national_calendar(),
)
ELIGIBLE_SUSPENSION = SuspensionFacts(
    applied_on=date(2026, 4, 1),
    starts_on=date(2026, 4, 7),
    ends_on=date(2027, 4, 7),
    stage=Stage.JUNIOR,
    grade=8,
    status="enrolled",
    extension=False,
    current_ends_on=None,
    reason="illness",
    consecutive_before=0,
    open_business=False,
    proofs=frozenset({"application", "medical"}),
    terms=TERMS,
)
ELIGIBLE_RESUMPTION = ResumptionFacts(
    applied_on=date(2026, 9, 1),
    stage=Stage.SENIOR,
    status="suspended",
    left_grade=10,
    class_grade_now=11,
    resume_grade=11,
    suspension_reason="illness",
    open_business=False,
    proofs=frozenset({"application", "recovery"}),
)
ELIGIBLE_WITHDRAWAL = WithdrawalFacts(
    applied_on=date(2026, 9, 1),
    stage=Stage.SENIOR,
    status="enrolled",
    ground="guardian_applies",
    open_business=False,
    proofs=frozenset({"application", "report"}),
)
OLD = KeyInfo("马小明", "11010519491231002X", Sex.FEMALE, date(1949, 12, 31))
ELIGIBLE_KEY_INFO = KeyInfoFacts(
    applied_on=date(2026, 9, 1),
    old=OLD,
    new=KeyInfo("马晓明", OLD.id_number, OLD.sex, OLD.birth_date),
    id_taken=False,
    open_business=False,
    proofs=frozenset({"household_proof"}),
)
REPORT = {"applied_on": date(2026, 9, 1), "stage": Stage.SENIOR, "status": "enrolled", "open_business": False}
ELIGIBLE = {
    "transfer": ELIGIBLE_TRANSFER,
    "suspension": ELIGIBLE_SUSPENSION,
    "resumption": ELIGIBLE_RESUMPTION,
    "withdrawal": ELIGIBLE_WITHDRAWAL,
    "key_info": ELIGIBLE_KEY_INFO,
    "expulsion": ExpulsionFacts(**REPORT, proofs=frozenset({"document"})),
    "death": DeathFacts(**REPORT, proofs=frozenset({"proof"})),
    "abroad": AbroadFacts(**REPORT, proofs=frozenset({"proof"})),
}

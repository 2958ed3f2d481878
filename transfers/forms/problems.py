"""The applications that settle a 问题学籍: 佐证 and 删除."""

from typing import Any

from django import forms

from linxia_xueji.enums import Level
from registry.enums import ProblemKind
from registry.models import Enrolment, Problem, ProblemParty
from transfers.forms.base import ChangeForm
from transfers.models import ProblemDeletion, ProblemEvidence

OF_TWO = (ProblemKind.SAME_NUMBER, ProblemKind.NAMESAKE, ProblemKind.TWO_STAGES)
"""Where one of two records can be a duplicate."""


class EvidenceForm(ChangeForm):
    """佐证: which problem of the student the proof speaks of."""

    code = "evidence"
    problem = forms.TypedChoiceField(label="问题", coerce=int)

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        self.problems = self._problems()
        self.fields["problem"].choices = [(p.pk, _words(p)) for p in self.problems.values()] or [
            ("", "没有待处理的问题")
        ]

    def _problems(self) -> dict[int, Problem]:
        """Open problems of the enrolment by id, those found first at the top; the one filed stays to be chosen."""
        if self.enrolled is None:
            return {}
        parties = ProblemParty.objects.filter(enrolment=self.enrolled.enrolment)
        rows = Problem.objects.filter(pk__in=parties.values("problem"), settled_on=None).order_by("found_on", "pk")
        return {p.pk: p for p in rows.prefetch_related("parties")}

    def particulars(self) -> ProblemEvidence:
        """Of which problem."""
        return ProblemEvidence(problem=self.problems[self.cleaned_data["problem"]])

    @staticmethod
    def initial_of(detail: ProblemEvidence) -> dict[str, Any]:
        """As filed."""
        return {"problem": detail.problem_id}


class DeletionForm(EvidenceForm):
    """删除: of two records this one is the duplicate, the other is kept."""

    code = "deletion"
    kept = forms.TypedChoiceField(label="保留的学籍", coerce=int, help_text="删除的是本页所列学籍；删除后不能恢复")

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        self.others = self._others()
        self.fields["kept"].choices = [(e.pk, _where(e)) for e in self.others.values()] or [("", "没有可以保留的学籍")]

    def _problems(self) -> dict[int, Problem]:
        return {pk: p for pk, p in super()._problems().items() if p.kind in OF_TWO}

    def _others(self) -> dict[int, Enrolment]:
        """The other enrolments in these problems, by id."""
        own = self.enrolled.enrolment.pk if self.enrolled else None
        found = {party.enrolment_id for p in self.problems.values() for party in p.parties.all()} - {own, None}
        rows = Enrolment.objects.filter(pk__in=found).select_related("school__parent__parent__parent").order_by("pk")
        return {e.pk: e for e in rows}

    def clean(self) -> dict:
        """The one to be kept belongs to the problem chosen."""
        chosen, kept = self.cleaned_data.get("problem"), self.cleaned_data.get("kept")
        if chosen and kept and kept not in {p.enrolment_id for p in self.problems[chosen].parties.all()}:
            self.add_error("kept", "所选学籍不在这一问题中，请重新选择")
        return self.cleaned_data

    def particulars(self) -> ProblemDeletion:
        """Of which problem, and which record stays."""
        return ProblemDeletion(
            problem=self.problems[self.cleaned_data["problem"]], kept=self.others[self.cleaned_data["kept"]]
        )

    @staticmethod
    def initial_of(detail: ProblemDeletion) -> dict[str, Any]:
        """As filed."""
        return {"problem": detail.problem_id, "kept": detail.kept_id}


def _words(problem: Problem) -> str:
    details = f"：{problem.details}" if problem.details else ""
    return f"{problem.get_kind_display()}{details}（{problem.found_on:%Y-%m-%d}发现）"


def _where(enrolment: Enrolment) -> str:
    county = enrolment.school.at(Level.COUNTY)
    return f"{county.short_name if county else '州直属'} {enrolment.school.short_name}"

"""Rule books: pure predicates over frozen facts, each with its words, force, basis and clause (shared by every business)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import TextChoices

from linxia_xueji.enums import Level
from linxia_xueji.refusal import Refusal

NOTICE = "临州教学管发〔2022〕5号"


class Force(TextChoices):
    """What breaking a rule does; taken from the notice's own words, never softened or hardened."""

    FORBID = "forbid", "不予"
    REQUIRE = "require", "必须具备"
    DISCRETION = "discretion", "须书面说明理由"
    NEVER = "never", "不得作为不予的理由"


class Basis(TextChoices):
    """What a rule rests on."""

    QUOTED = "quoted", "通知原文"
    INFERRED = "inferred", "由通知推知"
    NATIONAL = "national", "国家规定"
    ASSUMED = "assumed", "假定"


class Verdict(TextChoices):
    """The whole judgement in one word, gravest first."""

    FORBIDDEN = "forbidden", "不符合"
    INCOMPLETE = "incomplete", "材料不全"
    DISCRETION = "discretion", "待人工核对"
    ALLOWED = "allowed", "符合"


VERDICT_OF = {
    Force.FORBID: Verdict.FORBIDDEN,
    Force.REQUIRE: Verdict.INCOMPLETE,
    Force.DISCRETION: Verdict.DISCRETION,
}


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue.

    `says` are the words it rests on, `label` what is checked, `mend` what the school can do; `fact` turns the facts
    into what was looked at, in words. `level` is who decides where the force is discretion; None is the last level of
    the route (assumed). `passes_on` tells, of facts that break the rule, the first later day on which the same request
    would pass; None where time alone mends nothing, or the day hangs on a calendar not yet published.
    """

    id: str
    force: Force
    clause: str
    says: str
    label: str
    basis: Basis
    broken: Callable[[Any], bool]
    fact: Callable[[Any], str]
    mend: str = ""
    level: Level | None = None
    note: str = ""
    passes_on: Callable[[Any], date | None] = lambda facts: None

    @property
    def ground(self) -> str:
        """What the rule rests on, quotable: document, item and words; an assumed rule claims no text."""
        if self.basis == Basis.ASSUMED or not self.clause:
            return f"{self.says}（{self.basis.label}）"
        if self.basis == Basis.NATIONAL:
            return f"{self.clause}“{self.says}”"
        return f"{NOTICE} {self.clause}“{self.says}”"


@dataclass(frozen=True)
class Finding:
    """What one rule said of one set of facts; `items` names those concerned where many were judged at once.

    `passes_on` is the first day on which a broken rule would pass, where time is what is missing.
    """

    rule: Rule
    force: Force
    broken: bool
    fact: str
    items: tuple[str, ...] = ()
    passes_on: date | None = None

    @property
    def state(self) -> str:
        """`ok`, `ask` (a person must look) or `bad`."""
        if not self.broken:
            return "ok"
        return "ask" if self.force == Force.DISCRETION else "bad"

    @property
    def words(self) -> str:
        """What a paper that is not there is called; empty where the state's own words serve."""
        return "未上传" if self.broken and self.force == Force.REQUIRE else ""


@dataclass(frozen=True)
class Judgement:
    """All findings on one set of facts, in the order of the notice."""

    findings: tuple[Finding, ...]

    @property
    def broken(self) -> tuple[str, ...]:
        """Ids of the rules broken, sorted."""
        return tuple(sorted(f.rule.id for f in self.findings if f.broken))

    @property
    def verdict(self) -> Verdict:
        """The gravest consequence of what is broken."""
        found = {VERDICT_OF[f.force] for f in self.findings if f.broken}
        return next((v for v in Verdict if v in found), Verdict.ALLOWED)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Broken findings, gravest first."""
        order = list(Verdict)
        return tuple(sorted((f for f in self.findings if f.broken), key=lambda f: order.index(VERDICT_OF[f.force])))

    @property
    def ordered(self) -> tuple[Finding, ...]:
        """Problems first, then what passed: the order in which a page shows them."""
        return self.problems + tuple(f for f in self.findings if not f.broken)

    def snapshot(self) -> list[dict[str, Any]]:
        """What is kept with a decision: rule, force, verdict, clause, fact and the day on which it would pass, as JSON."""
        return [
            {
                "rule": f.rule.id,
                "force": f.force,
                "broken": f.broken,
                "clause": f.rule.clause,
                "fact": f.fact,
                "items": list(f.items),
                **({"passes_on": f.passes_on.isoformat()} if f.passes_on else {}),
            }
            for f in self.findings
        ]


@dataclass
class RuleBook:
    """The rules of one business in the order of the notice, with their version and day of effect.

    `read` makes facts of the JSON of a worked case (KeyError, TypeError or ValueError where it cannot); `unknown` says in
    a sentence what is not known yet and must be before anything is judged.
    """

    code: str
    label: str
    version: str
    effective_from: date
    read: Callable[[dict[str, Any]], Any] | None = None
    unknown: Callable[[Any], str | None] = lambda facts: None
    rules: list[Rule] = field(default_factory=list)

    def rule(
        self,
        id: str,
        *,
        force: Force,
        clause: str,
        says: str,
        label: str,
        basis: Basis,
        fact: Callable[[Any], str],
        **more: Any,
    ):
        """Enter the decorated predicate (true when broken) into the book."""

        def enter(broken: Callable[[Any], bool]) -> Rule:
            rule = Rule(id, force, clause, says, label, basis, broken, fact, **more)
            self.rules.append(rule)
            return rule

        return enter

    def forbids(self, id: str, **words: Any):
        """不予、不得、一律、坚决杜绝、严格按照: cannot be submitted or approved."""
        return self.rule(id, force=Force.FORBID, **words)

    def requires(self, id: str, **words: Any):
        """需、需上传: must be there before submission."""
        return self.rule(id, force=Force.REQUIRE, **words)

    def leaves_discretion(self, id: str, **words: Any):
        """原则上、一般: goes on only with a written reason, decided by the level named."""
        return self.rule(id, force=Force.DISCRETION, **words)

    def never_blocks(self, id: str, **words: Any):
        """What must never be a reason to refuse (不应…作为必要条件): shown as checked, broken by nothing."""
        return self.rule(id, force=Force.NEVER, **words)(lambda facts: False)

    def judge(self, facts: Any, forces: Mapping[str, str] | None = None) -> Judgement:
        """Judge one set of facts; `forces` are the prefecture's own settings for rules whose force is assumed.

        :raises Refusal: where something is not known without which nothing may be judged.
        """
        self.insist(facts)
        return Judgement(tuple(_finding(rule, facts, forces or {}) for rule in self.rules))

    def insist(self, facts: Any) -> None:
        """Let nothing be judged while something is unknown that must be known. :raises Refusal: naming it."""
        if missing := self.unknown(facts):
            raise Refusal(missing)

    def by_id(self, id: str) -> Rule:
        """The rule of that id. :raises KeyError: if the book has none."""
        return next((r for r in self.rules if r.id == id), None) or _missing(id)


def _finding(rule: Rule, facts: Any, forces: Mapping[str, str]) -> Finding:
    broken = rule.broken(facts)
    day = rule.passes_on(facts) if broken else None
    return Finding(rule, Force(forces.get(rule.id, rule.force)), broken, rule.fact(facts), passes_on=day)


def _missing(id: str) -> Rule:
    raise KeyError(id)


def judge_many(book: RuleBook, named: Iterable[tuple[str, Any]], forces: Mapping[str, str] | None = None) -> Judgement:
    """One judgement on many: each rule once, broken where it is broken for anyone, with the names of those concerned.

    Nobody judged, nothing found.
    """
    judged = list(named)
    if not judged:
        return Judgement(())
    for _, facts in judged:
        book.insist(facts)
    findings = []
    for rule in book.rules:
        hits = [(name, _finding(rule, facts, forces or {})) for name, facts in judged if rule.broken(facts)]
        force = Force((forces or {}).get(rule.id, rule.force))
        if hits:
            fact = (
                hits[0][1].fact
                if len(hits) == 1
                else f"{len(hits)}人：{'、'.join(name for name, _ in hits[:5])}{'等' if len(hits) > 5 else ''}"
            )
            day = hits[0][1].passes_on if len(hits) == 1 else None
            findings.append(Finding(rule, force, True, fact, tuple(f"{name}：{f.fact}" for name, f in hits), day))
        else:
            findings.append(Finding(rule, force, False, f"{len(judged)}人全部符合"))
    return Judgement(tuple(findings))


_BOOKS: dict[str, RuleBook] = {}


def announce(*books: RuleBook) -> None:
    """Make books known to the pages and commands that show or use all of them; called from an `AppConfig.ready()`."""
    _BOOKS.update({book.code: book for book in books})


def all_books() -> tuple[RuleBook, ...]:
    """All books in the order in which they were announced."""
    return tuple(_BOOKS.values())

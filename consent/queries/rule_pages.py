"""The rules in force as a public page shows them: for a clinic, in the reader's language, with what no law fixes."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.models import Site
from clinic.vocabulary import Particular, Preset, ProcedureCategory
from clinic.wording import CATEGORY_WORDS, PARTICULAR_WORDS
from consent.models import PolicyVersion
from consent.queries.policies import digest_in_force, law_of
from consent.rules.definitions import definitions
from consent.rules.policy_digest import policy_document, read_policy_document
from consent.rules.rule_kinds import shown
from consent.rules.rule_table import Effect, Mark, Parameter, Rule, RuleTable
from consent.wording import said

MARK_WORDS: dict[Mark, str | Promise] = {
    Mark.LAW: _("Fixed by law"),
    Mark.GUIDANCE: _("Guidance of a court or professional body"),
    Mark.MEMORY: _("Written from memory; to be checked"),
    Mark.DEFAULT: _("No law fixes this value"),
}


EFFECT_WORDS: dict[Effect, str | Promise] = {
    Effect.BLOCK: _("Nothing goes ahead"),
    Effect.HOLD: _("Nothing goes ahead until the advocate has looked"),
    Effect.BLOCK_AND_HOLD: _("Nothing goes ahead, and the advocate looks at it"),
    Effect.WARN: _("It goes on with a warning that is kept"),
    Effect.LOG: _("It is written down"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteRules:
    """Which rules one clinic follows."""

    name: str
    preset: Preset
    title: str
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One value for the kinds of care that share it."""

    kinds: tuple[str | Promise, ...]
    value: str
    unit: str
    effect: str | Promise
    source: str
    mark: str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleLine:
    """One rule as patients and clinicians read it."""

    rule_id: str
    title: str
    clinician: str
    patient: str
    exception: str
    bars: tuple[Bar, ...]


def rules_of_sites() -> tuple[SiteRules, ...]:
    """Every clinic on this server with the rules in force there. **Raises** PolicyError."""
    return tuple(
        SiteRules(name=site.name, preset=Preset(site.preset), title=law_of(site).title, digest=digest_in_force(site))
        for site in Site.objects.order_by("name")
    )


def document_of(digest: str) -> bytes | None:
    """The canonical text with this digest: in force at a clinic, or kept from an earlier consent; else None."""
    for site in Site.objects.all():
        if digest_in_force(site) == digest:
            return policy_document(law_of(site))
    kept = PolicyVersion.objects.filter(digest=digest).first()
    return kept.document.encode() if kept else None


def lines_of(document: bytes) -> tuple[RuleLine, ...]:
    """Every rule of a table, in the order of the rule numbers."""
    table = read_policy_document(document)
    return tuple(
        RuleLine(
            rule_id=rule.rule_id,
            title=said(rule.title.en),
            clinician=said(rule.clinician.en),
            patient=said(rule.patient.en),
            exception=said(rule.exception.en),
            bars=tuple(bar for parameter in rule.parameters.values() for bar in _bars(table, parameter)),
        )
        for rule in sorted(definitions().values(), key=lambda rule: rule.rule_id)
    )


def _bars(table: RuleTable, parameter: Parameter) -> Iterator[Bar]:
    """The values of one parameter; kinds of care with the same value stand together."""
    together: dict[Rule, list[str]] = {}
    for kind, cells in table.rules.items():
        rule = cells.get(parameter.name)
        if rule is not None and rule.rule_id == parameter.rule_id:
            together.setdefault(rule, []).append(kind)
    for rule, kinds in together.items():
        yield Bar(
            kinds=tuple(_kind_words(kind) for kind in kinds),
            value=shown(parameter.kind, rule.value),
            unit=said(parameter.unit.en) if parameter.unit.en else "",
            effect=EFFECT_WORDS[rule.effect],
            source=rule.source,
            mark=MARK_WORDS[rule.mark],
        )


def _kind_words(kind: str) -> str | Promise:
    category, _colon, particular = kind.partition(":")
    return PARTICULAR_WORDS[Particular(particular)] if particular else CATEGORY_WORDS[ProcedureCategory(category)]

"""The strict reader of `presets/rules/*.toml`: what each rule is, without its values.

A file that lacks a key, has one too many, or lacks a translation is refused with file, line, key and reason; so is a
rule that stands in two files, one that is missing, and one in the wrong group.

>>> read_definitions({"a-time": "[CR-001]\\nname = 1"})
Traceback (most recent call last):
    ...
consent.rules.rule_table.PolicyError: rules/a-time.toml:2: CR-001.name: unknown key
"""

from collections.abc import Collection, Mapping
from typing import Any

from clinic.vocabulary import Particular
from consent.rules.rule_kinds import KINDS, VOCABULARIES, Kind
from consent.rules.rule_table import ALL, CATEGORIES, GROUPS, Definition, Moment, Parameter, PolicyError, Words
from consent.rules.toml_places import Path, parse, refusal, where

SENTENCES = ("title", "exception", "approver", "clinician", "patient")
OF_A_RULE = {*SENTENCES, "categories", "evaluated", "held_by", "parameters"}
OF_A_PARAMETER = {"kind", "stricter"}
OF_SOME_PARAMETERS = {"unit", "codes", "vocabulary", "clinician", "patient", "categories"}
HOLDERS = ("requirement", "action", "constraint", "test", "check")
NO_UNIT = Words("", "")


def read_definitions(texts: Mapping[str, str]) -> dict[str, Definition]:
    """The rules of all groups, by id and in order. **Takes** the text of each group's file. **Raises** PolicyError."""
    found: dict[str, Definition] = {}
    first: dict[str, str] = {}
    for group, text in texts.items():
        reader = _Reader(text, file=f"rules/{group}.toml")
        for rule_id, raw in reader.tables.items():
            if rule_id in found:
                raise reader.refusal((rule_id,), f"is defined already, in {first[rule_id]}")
            found[rule_id] = reader.definition(rule_id, raw, group=group)
            first[rule_id] = f"{reader.file}:{where(text, (rule_id,))}"
        for number in GROUPS[group]:
            if f"CR-{number:03}" not in found:
                raise reader.refusal((f"CR-{number:03}",), "missing")
    return found


class _Reader:
    """One file of definitions."""

    def __init__(self, text: str, *, file: str) -> None:
        self.text, self.file = text, file
        self.tables = parse(text, file=file)

    def refusal(self, path: Path, reason: str) -> PolicyError:
        return refusal(self.text, path, reason, file=self.file)

    def definition(self, rule_id: str, raw: object, *, group: str) -> Definition:
        at = (rule_id,)
        if rule_id not in {f"CR-{number:03}" for number in GROUPS[group]}:
            raise self.refusal(at, f"no rule of the group {group}")
        table = self.keys(raw, OF_A_RULE, at=at)
        said = {name: self.words(table[name], at=(*at, name)) for name in SENTENCES}
        categories = self.categories(table["categories"], at=(*at, "categories"))
        parameters = self.keys(table["parameters"], set(table["parameters"]) or {"(one)"}, at=(*at, "parameters"))
        return Definition(
            rule_id=rule_id,
            group=group,
            **said,
            categories=categories,
            evaluated=self.moments(table["evaluated"], at=(*at, "evaluated")),
            held_by=self.holders(table["held_by"], at=(*at, "held_by")),
            parameters={
                name: self.parameter(rule_id, name, values, said=said, categories=categories)
                for name, values in parameters.items()
            },
        )

    def parameter(
        self, rule_id: str, name: str, raw: object, *, said: Mapping[str, Words], categories: tuple[str, ...]
    ) -> Parameter:
        at = (rule_id, "parameters", name)
        table = self.keys(raw, OF_A_PARAMETER, at=at, optional=OF_SOME_PARAMETERS)
        kind = KINDS.get(table["kind"]) if isinstance(table["kind"], str) else None
        if kind is None:
            raise self.refusal((*at, "kind"), f"expected one of {list(KINDS)}, found {table['kind']!r}")
        if table["stricter"] not in kind.joins:
            raise self.refusal((*at, "stricter"), f"expected one of {list(kind.joins)}, found {table['stricter']!r}")
        sentences = {who: self.words(table[who], at=(*at, who)) if who in table else said[who] for who in SENTENCES[3:]}
        narrower = table.get("categories")
        return Parameter(
            rule_id=rule_id,
            name=name,
            kind=table["kind"],
            stricter=table["stricter"],
            codes=self.codes(kind, table, at=at),
            unit=self.words(table["unit"], at=(*at, "unit")) if "unit" in table else NO_UNIT,
            categories=categories if narrower is None else self.categories(narrower, at=(*at, "categories")),
            **sentences,
        )

    def codes(self, kind: Kind, table: Mapping[str, Any], *, at: Path) -> tuple[str, ...]:
        """The codes a value may hold: a vocabulary of the house, or a list from loosest to strictest."""
        given = [key for key in ("codes", "vocabulary") if key in table]
        if bool(given) != kind.has_codes or len(given) > 1:
            raise self.refusal(at, "needs codes or vocabulary" if kind.has_codes else "this kind has no codes")
        if not given:
            return ()
        if given == ["codes"]:
            return self.texts(table["codes"], at=(*at, "codes"))
        if table["vocabulary"] not in VOCABULARIES:
            raise self.refusal((*at, "vocabulary"), f"expected one of {list(VOCABULARIES)}")
        return VOCABULARIES[table["vocabulary"]]

    def categories(self, raw: object, *, at: Path) -> tuple[str, ...]:
        named = self.texts(raw, at=at)
        if named == (ALL,):
            return CATEGORIES
        for name in named:
            if not is_kind_of_care(name):
                raise self.refusal(at, f"{name!r} is no kind of care")
        return named

    def moments(self, raw: object, *, at: Path) -> tuple[Moment, ...]:
        named = self.texts(raw, at=at)
        for name in named:
            if name not in set(Moment):
                raise self.refusal(at, f"expected some of {[moment.value for moment in Moment]}, found {name!r}")
        return tuple(Moment(name) for name in named)

    def holders(self, raw: object, *, at: Path) -> tuple[str, ...]:
        named = self.texts(raw, at=at)
        for name in named:
            if name.partition(":")[0] not in HOLDERS or not name.partition(":")[2]:
                raise self.refusal(at, f"expected {', '.join(HOLDERS)} and a name after a colon, found {name!r}")
        return named

    def texts(self, raw: object, *, at: Path) -> tuple[str, ...]:
        named = [text for text in raw if isinstance(text, str) and text] if isinstance(raw, list) else []
        if not named or named != raw or len(set(named)) != len(named):
            raise self.refusal(at, f"expected a list of different words, found {raw!r}")
        return tuple(named)

    def words(self, raw: object, *, at: Path) -> Words:
        table = self.keys(raw, {"en", "zh-Hans"}, at=at)
        for language, text in table.items():
            if not isinstance(text, str) or not text.strip():
                raise self.refusal((*at, language), f"expected a sentence, found {text!r}")
        return Words(table["en"], table["zh-Hans"])

    def keys(self, raw: object, wanted: set[str], *, at: Path, optional: Collection[str] = ()) -> dict[str, Any]:
        """The table, when it holds these keys, and no others than the optional ones."""
        if not isinstance(raw, dict):
            raise self.refusal(at, f"expected a table, found {raw!r}")
        for key in sorted(set(raw) - wanted - set(optional)):
            raise self.refusal((*at, key), "unknown key")
        for key in sorted(wanted - set(raw)):
            raise self.refusal((*at, key), "missing")
        return raw


def is_kind_of_care(key: str) -> bool:
    """True for a category, and for a category with one of the particulars the house knows.

    >>> is_kind_of_care("TEST:pregnancy-test"), is_kind_of_care("TEST:moon")
    (True, False)
    """
    category, colon, particular = key.partition(":")
    return category in CATEGORIES and (not colon or (bool(particular) and particular in set(Particular)))

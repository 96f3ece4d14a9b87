"""The readers of the one rule table trust no file they cannot understand, and name file, line, key and reason."""

import re
from collections.abc import Iterator
from importlib import resources

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.definition_reader import read_definitions
from consent.rules.definitions import definitions, parameters, preset_text
from consent.rules.policy import PolicyError, load_preset
from consent.rules.rule_kinds import KINDS, VOCABULARIES, join, raw, shown
from consent.rules.rule_reader import read_preset
from consent.rules.rule_table import GROUPS, Effect, Mark, Moment, Value, Wait, Words, rule_ids
from consent.rules.sentences import sentences_of, translated
from consent.rules.toml_places import parse, where

STRICT = preset_text("strict-default.toml")
TEXTS = {group: preset_text("rules", f"{group}.toml") for group in GROUPS}
STER, VACC = ProcedureCategory.STER, ProcedureCategory.VACC


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def names_the_place(refusal: PolicyError, file: str, text: str, old: str) -> bool:
    """Whether the message begins with the file and the line of the change, or of the table just above it."""
    found = re.match(rf"{re.escape(file)}:(\d+): ", str(refusal))
    return found is not None and -4 <= int(found[1]) - line_of(text, old) <= 1


# ---------------------------------------------------------------------------------------------------- what is there


def test_all_78_rules_are_defined_in_order_and_valued_in_every_preset() -> None:
    assert len(rule_ids()) == 78
    assert tuple(definitions()) == rule_ids()
    for preset in Preset:
        found = {cell.rule_id for rules in load_preset(preset).rules.values() for cell in rules.values()}
        assert found == set(rule_ids())


def test_every_bar_has_a_value_for_every_kind_of_care_of_its_rule() -> None:
    for preset in Preset:
        rules = load_preset(preset).rules
        for row in parameters():
            for kind in row.categories:
                cell = rules.get(kind, {}).get(row.name) or rules[kind.partition(":")[0]].get(row.name)
                assert cell is not None, f"{preset}: {row.key}: {kind}"


def test_every_cell_has_a_source_and_says_how_firmly_it_stands() -> None:
    for preset in Preset:
        for cell in {
            id(cell): cell for rules in load_preset(preset).rules.values() for cell in rules.values()
        }.values():
            assert cell.source.strip()
            assert cell.mark in Mark
            # What claims to be product default is not marked as law, and a law is not hidden as a default.
            assert not (cell.mark is Mark.LAW and cell.source.startswith("Product default")), cell


def test_names_are_unique_within_a_kind_of_care() -> None:
    assert len({row.key for row in parameters()}) == len(parameters())


def every_words() -> Iterator[Words]:
    for rule in definitions().values():
        yield from (words for words in sentences_of(rule) if words.en)


def test_what_people_read_is_whole_sentences_in_both_languages() -> None:
    for rule in definitions().values():
        said = [rule.exception, rule.approver, rule.clinician, rule.patient]
        said += [words for row in rule.parameters.values() for words in (row.clinician, row.patient)]
        for words in said:
            assert re.fullmatch(r"[A-Z].*[.?]", words.en), words.en
            assert re.fullmatch(r".*[。？]", words.zh_hans), words.zh_hans
            assert re.search(r"[\u4e00-\u9fff]", words.zh_hans), words.zh_hans


def test_no_sentence_has_two_translations() -> None:
    seen: dict[str, str] = {}
    for words in every_words():
        assert seen.setdefault(words.en, words.zh_hans) == words.zh_hans, words.en


def test_patients_are_told_in_short_words() -> None:
    """Reading age 12: sentences of at most 24 words, and few long words."""
    for rule in definitions().values():
        for words in [rule.patient, *(row.patient for row in rule.parameters.values())]:
            for sentence in re.split(r"(?<=[.?!])\s", words.en):
                assert len(sentence.split()) <= 24, sentence
            long = [word for word in re.findall(r"[A-Za-z]+", words.en) if len(word) > 12]
            assert not long, f"{rule.rule_id}: {long}"


def test_sentences_are_found_in_the_language_asked_for() -> None:
    english = definitions()["CR-050"].patient.en
    assert translated(english, "zh-hans") == translated(english, "zh-Hans") == definitions()["CR-050"].patient.zh_hans
    assert translated(english, "en") is None
    assert translated("Nobody wrote this.", "zh-hans") is None


# ------------------------------------------------------------------------------------------ presets read strictly


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('name = "strict-default"', 'name = "england"', "preset.name: expected 'strict-default'"),
        ('title = "Strict default"', "title = 1", "preset.title: expected a sentence, found 1"),
        ('title = "Strict default"\n', "", "preset.title: missing"),
        ("[CR-050.alone_minutes]", "[CR-050.alone_hours]", "CR-050.alone_hours: unknown key"),
        ("[CR-001.min_age_years]", "[CR-999.min_age_years]", "CR-999: unknown key"),
        ("[CR-058.capacity]", "[CR-058.capacity]\nMOON = 1", "CR-058.capacity.MOON: unknown key"),
        ("[CR-058.capacity]", '[CR-058.capacity]\n"TEST:moon" = 1', "CR-058.capacity.TEST:moon: unknown key"),
        ("STER = { value = 18,", "STER = { value = '18',", "STER.value: expected a whole"),
        ("STER = { value = 18,", "STER = { value = -1,", "STER.value: expected a whole"),
        ("STER = { value = 18,", "STER = { value = true,", "STER.value: expected a whole"),
        ("STER = { value = 18,", "ABRT = { value = 18,", "CR-001.min_age_years.STER: missing"),
        ("STER = { value = 18,", "STER = {", "STER.value: missing"),
        ("STER = { value = 18,", "STER = { value = 18, years = 1,", "STER.years: unknown key"),
        ('STER = { value = 10, effect = "block" }', "STER = 10", "CR-050.alone_minutes.STER: expected a table"),
        ("hours = 720", "weeks = 4", "CR-002.min_wait.STER.value: expected a table of days"),
        ("hours = 720", 'hours = "720"', "CR-002.min_wait.STER.value: expected a whole number"),
        ("days_before_due = 30", "days = 30", "STER.value: expected a table of hours and"),
        ('["official-or-employer"]', "[]", "STER.value: expected a list of different codes"),
        ('["official-or-employer"]', '["a neighbour"]', "STER.value: expected a list"),
        ('["official-or-employer"]', '["other", "other"]', "STER.value: expected a list"),
        ('["official-or-employer"]', "[[1]]", "STER.value: expected a list"),
        ('"calendar"', '"lunar"', "CR-002.count_mode.STER.value: expected one of ['calendar', "),
        ('"calendar"', "1", "CR-002.count_mode.STER.value: expected one of ['calendar', "),
        ('"until-asked"', '"for ever"', "value: expected a whole number, zero or more, or 'until-asked'"),
        ("STER = { value = 72,", "STER = { value = 'never',", "STER.value: expected a whole"),
        ('STER = { value = "absent"', "STER = { value = 1", "expected 'absent' or 'present'"),
        ('STER = { value = "absent"', 'STER = { value = "present"',
         "CR-009.surrogate_consent.STER.value: expected absent (no preset switches a rule off)"),
        ("ALL = { value = true", "ALL = { value = false", "ALL.value: expected true (no preset"),
        ("ALL = { value = true", "ALL = { value = 1", "ALL.value: expected true or false"),
        ('STER = { value = 7, effect = "block" }', 'STER = { value = 7, effect = "shout" }',
         "STER.effect: expected one of ['block', 'hold', 'warn', 'log', 'block-and-hold']"),
        ('mark = "guidance"', 'mark = "V"', "CR-001.min_age_years.mark: expected one of ['law', "),
        ('mark = "guidance"\n', "", "CR-001.min_age_years.mark: expected one of ['law', "),
        ('source = "Product default"\n', "", ".source: expected a sentence"),
        ("LARC_IN = { value = 30", "STER = { value = 30", "CR-021.max_consent_age_days.LARC_IN: missing"),
    ],
)  # fmt: skip
def test_a_preset_that_cannot_be_trusted_is_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        read_preset(changed(STRICT, old, new), preset=Preset.STRICT_DEFAULT, definitions=definitions())
    assert complaint in str(refusal.value)
    assert names_the_place(refusal.value, "strict-default.toml", STRICT, old)


def test_two_rules_cannot_set_the_same_bar() -> None:
    twice = STRICT.replace("LARC_IN = { value = 30", 'STER = { value = 30, effect = "block" }\nLARC_IN = { value = 30')
    with pytest.raises(PolicyError, match=r"CR-021\.max_consent_age_days\.STER: another rule sets this already"):
        read_preset(twice, preset=Preset.STRICT_DEFAULT, definitions=definitions())


def test_a_rule_that_stands_twice_is_named_with_both_lines() -> None:
    table = "[CR-001.min_age_years]\n"
    with pytest.raises(PolicyError) as refusal:
        read_preset(STRICT + "\n" + table, preset=Preset.STRICT_DEFAULT, definitions=definitions())
    last = len(STRICT.splitlines()) + 2
    assert str(refusal.value) == (
        f"strict-default.toml:{last}: CR-001.min_age_years: "
        f"stands here again; it stands in line {line_of(STRICT, table)} already"
    )


def test_a_preset_may_bear_on_more_kinds_of_care_than_its_rule() -> None:
    wider = STRICT.replace("STER = { value = 10,", 'ALL = { value = 3, effect = "block" }\nSTER = { value = 10,')
    rules = read_preset(wider, preset=Preset.STRICT_DEFAULT, definitions=definitions()).rules
    assert (rules[STER]["alone_minutes"].value, rules[VACC]["alone_minutes"].value) == (10, 3)


# -------------------------------------------------------------------------------------- definitions read strictly


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[CR-001]\n", "[CR-001]\ncolour = 1\n", "CR-001.colour: unknown key"),
        ("[CR-001]\ntitle", "[CR-001]\nname", "CR-001.name: unknown key"),
        ('title = { en = "Minimum age", zh-Hans = "最低年龄" }\n', "", "CR-001.title: missing"),
        (', zh-Hans = "最低年龄"', "", "CR-001.title.zh-Hans: missing"),
        ('zh-Hans = "最低年龄"', 'zh-Hans = " "', "CR-001.title.zh-Hans: expected a sentence, found ' '"),
        ('zh-Hans = "最低年龄"', 'zh-Hans = "x", fr = "y"', "CR-001.title.fr: unknown key"),
        ('categories = ["STER"]', 'categories = "STER"', "CR-001.categories: expected a list"),
        ('categories = ["STER"]', 'categories = ["MOON"]', "CR-001.categories: 'MOON' is no kind of care"),
        ('categories = ["STER"]', "categories = []", "CR-001.categories: expected a list"),
        ('evaluated = ["signing", "start"]', 'evaluated = ["later"]', "expected some of ['configuration'"),
        ('["requirement:minimum-age"]', "[]", "CR-001.held_by: expected a list of different words"),
        ('["requirement:minimum-age"]', '["hope"]', "CR-001.held_by: expected requirement, action,"),
        ('["requirement:minimum-age"]', '["test:"]', "CR-001.held_by: expected requirement, action,"),
        ('kind = "number"', 'kind = "colour"', "CR-001.parameters.min_age_years.kind: expected one of"),
        ('kind = "number"', "kind = 1", "CR-001.parameters.min_age_years.kind: expected one of"),
        ('stricter = "up"', 'stricter = "true"', "min_age_years.stricter: expected one of ['up', 'down']"),
        ('stricter = "up"', 'stricter = "up"\ncodes = ["a"]', "min_age_years: this kind has no codes"),
        ("[CR-001.parameters.min_age_years]", "[CR-001.parameters]", "CR-001.parameters.kind: expected"),
        ("[CR-001]", "[CR-030]", "CR-030: no rule of the group a-time"),
        ('vocabulary = "SigningState"', 'vocabulary = "Moon"', "vocabulary: expected one of"),
        ('vocabulary = "SigningState"\n', "", "forbidden_signing_states: needs codes or vocabulary"),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_trusted_is_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        read_definitions({**TEXTS, "a-time": changed(TEXTS["a-time"], old, new)})
    assert complaint in str(refusal.value)
    assert names_the_place(refusal.value, "rules/a-time.toml", TEXTS["a-time"], old)


def test_a_missing_rule_is_named() -> None:
    start, end = TEXTS["e-refusal"].index("[CR-083]"), TEXTS["e-refusal"].index("[CR-084]")
    without = TEXTS["e-refusal"][:start] + TEXTS["e-refusal"][end:]
    with pytest.raises(PolicyError, match=r"rules/e-refusal\.toml:1: CR-083: missing"):
        read_definitions({**TEXTS, "e-refusal": without})


def test_a_rule_defined_in_two_files_is_named_with_both() -> None:
    rule = TEXTS["a-time"][TEXTS["a-time"].index("[CR-026]") :]
    with pytest.raises(PolicyError) as refusal:
        read_definitions({**TEXTS, "b-disclosure": TEXTS["b-disclosure"] + "\n" + rule})
    assert re.fullmatch(
        r"rules/b-disclosure\.toml:\d+: CR-026: is defined already, in rules/a-time\.toml:\d+", str(refusal.value)
    )


def test_a_rule_defined_twice_in_one_file_is_named_with_both_lines() -> None:
    with pytest.raises(PolicyError, match=r"rules/a-time\.toml:\d+: CR-001: stands here again; it stands in line 8"):
        read_definitions({**TEXTS, "a-time": TEXTS["a-time"] + "\n[CR-001]\n"})


# ------------------------------------------------------------------------------------------------- small parts


def test_every_kind_reads_back_what_it_holds() -> None:
    by_key = {row.key: row for row in parameters()}
    used = set()
    for preset in Preset:
        for rules in load_preset(preset).rules.values():
            for cell in rules.values():
                row = by_key[f"{cell.rule_id}.{cell.name}"]
                used.add(row.kind)
                assert KINDS[row.kind].read(raw(cell.value), row.codes) == cell.value
                assert join(row.kind, row.stricter, cell.value, cell.value, row.codes) == cell.value
                assert shown(row.kind, cell.value)
    assert used == set(KINDS)


def test_words_of_the_table_are_closed() -> None:
    assert [effect.value for effect in Effect if effect.stops] == ["block", "hold", "block-and-hold"]
    assert [effect.value for effect in Effect if effect.holds] == ["hold", "block-and-hold"]
    assert {moment for rule in definitions().values() for moment in rule.evaluated} == set(Moment)
    assert set(VOCABULARIES) == {"PersonRole", "RequestSource", "SigningState"}
    assert shown("wait", Wait(1, 14, 0)) == "days: 1 (14 with a birth)"
    assert shown("number-or-absent", None) == "not allowed"


@pytest.mark.parametrize(
    ("kind", "found", "wanted"),
    [
        ("number-or-absent", "never", "a whole number, zero or more, or 'absent'"),
        ("number-or-absent", True, "a whole number, zero or more, or 'absent'"),
        ("days-or-until-asked", -1, "a whole number, zero or more, or 'until-asked'"),
        ("switch", "on", "true or false"),
        ("absent", None, "'absent' or 'present'"),
        ("wait", {"days": 1}, "a table of days, days_with_birth and hours"),
        ("premature-wait", {"hours": 1, "days_before_due": 2, "weeks": 3}, "a table of hours and days_before_due"),
        ("codes", ["a", "a"], "a list of different codes out of ['a', 'b']"),
        ("code", "c", "one of ['b', 'a']"),
    ],
)
def test_a_kind_says_what_it_wants(kind: str, found: object, wanted: str) -> None:
    with pytest.raises(ValueError, match=re.escape(wanted)):
        KINDS[kind].read(found, ("b", "a"))


@pytest.mark.parametrize(
    ("kind", "stricter", "looser", "stricter_value"),
    [
        ("number", "up", 1, 2),
        ("number", "down", 2, 1),
        ("number-or-absent", "up", 2, None),
        ("number-or-absent", "up", 0, 1),
        ("days-or-until-asked", "up", 9, "until-asked"),
        ("days-or-until-asked", "up", 8, 9),
        ("switch", "true", False, True),
        ("absent", "absent", "present", "absent"),
        ("codes", "superset", frozenset("a"), frozenset("ab")),
        ("code", "up", "b", "a"),  # the order of the list decides, not the alphabet
    ],
)
def test_of_two_values_the_stricter(kind: str, stricter: str, looser: Value, stricter_value: Value) -> None:
    for pair in ((looser, stricter_value), (stricter_value, looser)):
        assert join(kind, stricter, *pair, ("b", "a")) == stricter_value
    assert join(kind, stricter, looser, looser, ("b", "a")) == looser


def test_a_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(PolicyError, match=r"rules/moon\.toml: cannot be read: "):
        preset_text("rules", "moon.toml")


def test_lines_are_found_in_lists_over_several_lines_and_in_dotted_keys() -> None:
    text = '# first\n[a."b:c"]\nx = [\n  1,\n  2,\n]\ny.z = 1\n\n[d]\nx = """\n[e]\n"""\nw = 2\n'
    places = {("a", "b:c"): 2, ("a", "b:c", "x"): 3, ("a", "b:c", "y", "z"): 7, ("d",): 9, ("d", "w"): 13, ("e",): 1}
    assert {path: where(text, path) for path in places} == places
    assert where(text, ("a", "b:c", "x", "deeper")) == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[a]\nb = 1\nb = 2\n", "t.toml:3: a.b: stands here again; it stands in line 2 already"),
        ("[a]\n[b]\n[a]\n", "t.toml:3: a: stands here again; it stands in line 1 already"),
        ("[a]\nb = \n", "t.toml:2: not TOML: "),
        ("[a]\nb = [1,\n", "t.toml:2: not TOML: "),
    ],
)
def test_what_is_not_toml_is_refused_by_line(text: str, complaint: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        parse(text, file="t.toml")
    assert str(refusal.value).startswith(complaint)


def test_every_file_of_the_table_is_read() -> None:
    folder = resources.files("consent.rules") / "presets"
    assert {file.name for file in (folder / "rules").iterdir()} == {f"{group}.toml" for group in GROUPS}
    read = {f"{preset.value}.toml" for preset in Preset} | {"rules", "signals.toml", "words.toml"}
    assert {file.name for file in folder.iterdir()} <= read

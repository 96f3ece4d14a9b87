"""Words of reward, threat, quota and condition: what is found, what is not, and what cannot hide."""

import unicodedata
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.vocabulary import ProcedureCategory
from consent.catalogue import read_sheets
from consent.rules.signals.action import Action
from consent.rules.signals.word_table import GAP, LANGUAGES, load_words
from consent.rules.signals.words import WordMatch, action_of, matches

TABLE = load_words()
WIDE_GIFT = "".join(chr(ord(letter) + 0xFEE0) for letter in "GIFT")
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\ufe0f\u180e"
# The lists of the evidence once more; words that need company stand in a sentence below.
EVIDENCE = {
    "L1": "奖励 奖金 奖扶 3000元 洗衣粉 毛巾 脸盆 红包 礼品 补贴兑现 优先优惠 直通车 放弃二胎奖励 "
    "reward bonus gift voucher cash lottery washing-powder priority-for-acceptors",
    "L2": "罚款 社会抚养费 押金 保证金 违约 强制执行 公开处罚 一票否决 不予办理 处分 户口 上学 停发 "
    "deposit penalty jail police school-place report-you",
    "L3": "指标 任务 落实率 及时率 应落实 应查 挂账销号 挂牌销号 月指令 排名 平茬 扫尾 清理清查 漏管 重点对象 重点育妇 "
    "包保 三查 环孕检 补救措施 长效节育 计划外 政策外 违法妊娠 黄牌警告 "
    "target quota acceptors coverage-of-method backlog key-woman cross-off remedial-measure out-of-plan defaulter",
}
LISTED = [(list_id, word) for list_id, words in EVIDENCE.items() for word in words.split()]
HARMLESS = [form for words in TABLE.allowed.values() for word in words for form in word.forms]


def found(text: str) -> list[tuple[str, str]]:
    return [(match.list_id, text[match.start : match.end]) for match in matches(text)]


@pytest.mark.parametrize(("list_id", "word"), LISTED)
def test_every_word_of_the_evidence_is_found_alone_and_in_a_sentence(list_id: str, word: str) -> None:
    for written in (word, word.replace("-", " "), word.upper(), word.replace("-", "\u2011")):
        assert found(written) == [(list_id, written)]
        assert (list_id, written) in found(f"甲、{written}。" if not word.isascii() else f"The {written}, then.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I feel fine.", []),
        ("She is fine and will pay the taxi.", []),
        ("Fine needle biopsy of the thyroid, paid by the fund", []),
        ("Pay a fine of 300.", [("L2", "fine")]),
        ("She was fined; the fines are due.", [("L2", "fined"), ("L2", "fines")]),
        ("A refined, well defined margin", []),
        ("She fears to lose her job.", [("L2", "job")]),
        ("Her job is in a bakery.", []),
        ("You will lose your benefits.", [("L2", "lose your benefits")]),
        ("You may lose weight. The benefits are clear.", []),
        ("We cannot guarantee success; please pay at the desk.", []),
        ("Pay the guarantee in money.", [("L2", "guarantee")]),
        ("Calcium deposits in the left breast", []),
        ("Do not drive for 24 hours.", []),
        ("The village drive ends in June.", [("L3", "drive")]),
        ("Target organ damage: none", []),
        ("Target for this month", [("L3", "Target")]),
        ("gifted, cashew, policeman, untargeted", []),
        ("gift_voucher", [("L1", "gift"), ("L1", "voucher")]),
        ("发gift给她", [("L1", "gift")]),
        (f"{WIDE_GIFT} and gíft", [("L1", WIDE_GIFT), ("L1", "gíft")]),
        ("out  of - plan", [("L3", "out  of - plan")]),
    ],
)
def test_english_in_context(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("各项检验指标、化验指标均正常，有手术指征", []),
        ("检验指标正常，但本月指标未完成", [("L3", "指标")]),
        ("切口处分泌物少，血管分叉处分布正常", []),
        ("给予处分", [("L2", "处分")]),
        ("责任务必落实到人", []),
        ("完成任务", [("L3", "任务")]),
        ("大专以上学历", []),
        ("晚上学习，早上学习", []),
        ("孩子不能上学", [("L2", "上学")]),
        ("用户口令已重置", []),
        ("不给上户口", [("L2", "户口")]),
        ("三查七对完成", []),
        ("参加三查", [("L3", "三查")]),
        ("皮肤发红包块两处", []),
        ("发红包两百", [("L1", "红包")]),
        ("胚胎停发育", []),
        ("停发工资", [("L2", "停发")]),
        ("保证金属环在位", []),
        ("热毛巾敷十分钟", []),
        ("发毛巾一条", [("L1", "毛巾")]),
        ("罰款、獎勵、戶口、計劃外", [("L2", "罰款"), ("L1", "獎勵"), ("L2", "戶口"), ("L3", "計劃外")]),
        ("罚 款，押\u3000金，指\n标", [("L2", "罚 款"), ("L2", "押\u3000金"), ("L3", "指\n标")]),
        ("发３０００元", [("L1", "３０００元")]),
        ("费用13000元", []),
        ("放弃二胎奖励", [("L1", "放弃二胎奖励")]),
    ],
)
def test_chinese_in_context(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Caesarean only if you are sterilised.", ["only if"]),
        ("Accept the IUD, otherwise no caesarean.", ["otherwise"]),
        ("Sign first, or else you lose the birth certificate.", ["or else"]),
        ("You will not get your medicine unless the coil stays in.", ["unless"]),
        ("Otherwise healthy. IUD inserted under good care.", []),
        ("The IUD goes in only if you want it; your care stays the same.", []),
        ("Come back for care only if it hurts.", []),
        ("Take the tablets, otherwise it may come back.", []),
        ("We need your signature before we can operate.", []),
        ("结扎后才能办出生证", ["才能"]),
        ("请签字，否则不给办出院", ["否则"]),
        ("不上环，就不给治疗", ["不上环，就不"]),
        ("必须先引产，再办户口", ["必须先"]),
        ("签字后才能手术", []),
        ("空腹，否则会呕吐", []),
        ("不疼就不用吃药", []),
        ("刚才能走路了", []),
    ],
)
def test_conditions_count_only_in_company(text: str, expected: list[str]) -> None:
    assert [words for list_id, words in found(text) if list_id == "L4"] == expected


@pytest.mark.parametrize(("letters", "is_found"), [(16, True), (17, False)])
def test_the_reach_is_exact_in_chinese(letters: int, is_found: bool) -> None:
    assert bool([one for one in found("结扎治疗" + "啊" * (letters - 2) + "否则") if one[0] == "L4"]) is is_found


@pytest.mark.parametrize(("letters", "is_found"), [(40, True), (41, False)])
def test_the_reach_is_exact_in_english(letters: int, is_found: bool) -> None:
    text = "care iud" + " " * (letters - 4) + "unless"
    assert bool(found(text)) is is_found


@pytest.mark.parametrize(("letters", "is_found"), [(12, True), (13, False)])
def test_the_gap_is_exact(letters: int, is_found: bool) -> None:
    text = f"不{'结扎' + '啊' * (letters - 2)}就不治疗"
    assert bool(found(text)) is is_found
    assert found("不结扎。就不治疗") == []


def test_actions_of_the_lists() -> None:
    def actions(list_id: str) -> dict[str, Action | None]:
        match = WordMatch(list_id, "", 0, 1)
        return {category.value: action_of(match, category) for category in ProcedureCategory}

    rest = {category.value for category in ProcedureCategory} - {"STER", "LARC_IN", "ABRT"}
    assert {actions("L1")[kind] for kind in ("STER", "LARC_IN", "ABRT")} == {Action.HOLD}
    assert {actions("L1")[kind] for kind in rest} == {Action.WARN}
    assert set(actions("L2").values()) == set(actions("L4").values()) == {Action.BLOCK_AND_HOLD}
    assert set(actions("L3").values()) == {Action.WARN}
    assert [one.for_review for one in TABLE.lists.values()] == [False, False, True, False]


def test_languages_can_be_chosen() -> None:
    text = "gift 礼品"
    assert [one.word for one in matches(text, languages=("en-GB",))] == ["gift"]
    assert [one.word for one in matches(text, languages=("zh-Hant",))] == ["礼品"]
    assert [one.word for one in matches(text, languages=("ug",))] == []
    assert [one.word for one in matches(text)] == ["gift", "礼品"]


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_offsets_are_valid(text: str) -> None:
    for match in matches(text):
        assert 0 <= match.start < match.end <= len(text)


SYLLABLES = sorted(
    {*"不就否则才能必须先处分上学户口 .,，。", *(word for _list_id, word in LISTED), *HARMLESS, "signed", "care"}
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(SYLLABLES), max_size=12))
def test_every_match_reads_as_its_word(parts: list[str]) -> None:
    text = "".join(parts)
    found_words = matches(text)
    assert list(found_words) == sorted(found_words, key=lambda one: (one.start, one.end, one.list_id, one.word))
    for match in found_words:
        again = matches(text[match.start : match.end])
        listed = [word for words in TABLE.lists[match.list_id].words.values() for word in words]
        (word,) = [one for one in listed if one.forms[0] == match.word]
        assert (
            match in [WordMatch(one.list_id, one.word, one.start + match.start, match.end) for one in again]
            or word.near
        )


@pytest.mark.parametrize("harmless", HARMLESS)
def test_harmless_words_never_match(harmless: str) -> None:
    for text in (
        harmless,
        harmless.upper(),
        f"，{harmless}。",
        f" {harmless} ",
        "".join(f"{one}\u200b" for one in harmless),
    ):
        assert found(text) == []


@given(st.lists(st.sampled_from(HARMLESS), min_size=1, max_size=6))
def test_harmless_words_in_a_row_never_match(parts: list[str]) -> None:
    assert found("，".join(parts)) == []


@given(st.sampled_from(LISTED), st.data())
def test_invisible_letters_do_not_hide_a_word(listed: tuple[str, str], data: st.DataObject) -> None:
    list_id, word = listed
    junk = st.text(alphabet=INVISIBLE if word.isascii() else INVISIBLE + " \u3000\t\n", max_size=3)
    hidden = "".join(letter + data.draw(junk) for letter in word)
    assert [(one.list_id, one.start) for one in matches(hidden)] == [(list_id, 0)]


@given(st.sampled_from([(one, word) for one, word in LISTED if not word.isascii()]))
def test_traditional_and_wide_writing_do_not_hide_a_word(listed: tuple[str, str]) -> None:
    list_id, word = listed
    back = {simple: other for other, simple in TABLE.variants.items()}
    written = "".join(back.get(letter, letter) for letter in word)
    assert found(written) == [(list_id, written)]
    assert matches(unicodedata.normalize("NFKC", written)) == matches(written)


def test_every_listed_form_is_found_where_it_needs_no_company() -> None:
    for one in TABLE.lists.values():
        for language in LANGUAGES:
            for word in one.words[language]:
                for form in word.forms:
                    text = form.replace(GAP, " our ")
                    expected = [] if word.near else [(one.id, text)]
                    assert found(text) == expected, form


def test_the_same_text_gives_the_same_matches_and_shielded_company_does_not_count() -> None:
    text = "Pay attention: the fine print"
    assert matches(text) == matches(text) == ()
    assert found("It is fine to pay attention") == []


def prose(node: object) -> Iterator[str]:
    """Every text of an information sheet."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping | list | tuple):
        for inner in node.values() if isinstance(node, Mapping) else node:
            yield from prose(inner)


def test_the_sheets_of_the_house_hold_no_such_words() -> None:
    """A hundred thousand letters of plain clinical prose in two languages: the lists may not cry wolf at it."""
    sheets = list(read_sheets(None))
    assert len(sheets) > 20
    assert [(file, hit) for file, sheet in sheets for text in prose(sheet) for hit in matches(text)] == []

"""Whoever reads Chinese reads all of it in Chinese: complete, up to date, and free of the words of pressure."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "clinic" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SHEETS = sorted((ROOT / "consent" / "catalogue").glob("*/zh-Hans.toml"))
# The verifier is one file that speaks both languages by itself.
TEMPLATES = sorted([*(ROOT / "clinic").rglob("*.html"), *(ROOT / "consent" / "templates").rglob("*.html")])
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+[^>]*>|&\w+;")
# Our name, and codes that are the same in every language.
SAME_IN_CHINESE = ("Freely Given", "PDF", "FG", "Python", "Asia/Shanghai", "Y年n月j日 l", "Y年n月j日", "FHIR", "a到f")
SAME_IN_CHINESE += ("record.pdf", "record.html", "record.json", "“record”", "freely_given_verify.py", "“policy”")
SAME_IN_CHINESE += ("freely_given_verify.html", "PNG", "JPEG", "TIFF")

# Words in which reward, penalty and quota speak (safeguard evidence, lexicons L1 to L3), and one more of their kind.
PRESSURE = re.compile(
    "奖励|奖金|奖扶|3000元|洗衣粉|毛巾|脸盆|红包|礼品|补贴兑现|优先优惠|直通车|"
    "罚款|社会抚养费|押金|保证金|违约|强制执行|公开处罚|一票否决|不予办理|处分|户口|上学|停发|"
    "指标|任务|落实|及时率|应查|挂账销号|挂牌销号|月指令|排名|平茬|扫尾|清理清查|漏管|重点对象|重点育妇|包保|三查|"
    "环孕检|补救措施|长效节育|计划外|政策外|违法妊娠|黄牌警告"
)
# Where such a word is right, with what stands around it, and why.
ALLOWED_PRESSURE = {
    "不影响工作、上学或住房": "promises that an answer changes nothing at work, at school or at home",
}
# What a template may say outside of a translation, and why.
ALLOWED_UNMARKED = {
    "Freely Given": "our name",
    "manage.py verify_ledger": "a command, typed as it stands",
    "SHA-256": "the name of an algorithm",
}
TRANSLATORS = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy"}
READ_ALOUD = {"alt", "aria-label", "aria-description", "label", "placeholder", "title"}


def messages() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def words(entry: polib.POEntry) -> str:
    """What the reader of Chinese sees of one message; the language has one form for one and for several."""
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def script(name: str, *, needs: str) -> str:
    """What a script of `.ci` prints with --check; it must be content."""
    if shutil.which(needs) is None:
        pytest.skip(f"{needs} is not on this machine; it comes with the package gettext")
    command = [sys.executable, f".ci/{name}.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nBring it up to date with: make messages"
    return done.stdout


# ---------------------------------------------------------------------------------------------------- the catalogue


def test_every_message_has_its_words() -> None:
    assert len(messages()) > 500
    assert [entry.msgid for entry in messages() if not words(entry).strip()] == []
    assert [entry.msgid for entry in messages() if entry.fuzzy or entry.obsolete] == []


def test_the_catalogue_holds_what_the_sources_say_and_no_more() -> None:
    assert "all up to date" in script("collect_messages", needs="xgettext")


def test_gettext_finds_no_fault_in_it() -> None:
    script("build_messages", needs="msgfmt")


def test_placeholders_and_marks_are_kept() -> None:
    changed = {}
    for entry in messages():
        wanted, found = (
            sorted(PLACEHOLDER.findall(text)) for text in (entry.msgid_plural or entry.msgid, words(entry))
        )
        if wanted != found:
            changed[entry.msgid] = (wanted, found)
    assert changed == {}


def test_nothing_is_left_in_english() -> None:
    left = {}
    for entry in messages():
        text = PLACEHOLDER.sub("", words(entry))
        for same in SAME_IN_CHINESE:
            text = text.replace(same, "")
        if re.search(r"[A-Za-z]", text):
            left[entry.msgid] = words(entry)
    assert left == {}


# ---------------------------------------------------------------------------------------------- the words of pressure


def pressure_in(text: str) -> list[str]:
    for allowed in ALLOWED_PRESSURE:
        text = text.replace(allowed, "")
    return PRESSURE.findall(text)


def test_no_message_speaks_the_language_of_pressure() -> None:
    found = {entry.msgid: pressure_in(words(entry)) for entry in messages()}
    assert {msgid: hits for msgid, hits in found.items() if hits} == {}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.parent.name)
def test_no_sheet_speaks_the_language_of_pressure(sheet: Path) -> None:
    assert pressure_in(sheet.read_text(encoding="utf-8")) == []


def test_every_allowance_is_still_needed() -> None:
    everything = "".join([*(path.read_text(encoding="utf-8") for path in SHEETS), *map(words, messages())])
    assert [allowed for allowed in ALLOWED_PRESSURE if allowed not in everything] == []
    templates = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    assert [allowed for allowed in ALLOWED_UNMARKED if allowed not in templates] == []


def test_the_search_sees_a_planted_word() -> None:
    assert pressure_in("本月任务") == ["任务"]
    assert pressure_in("不影响工作、上学或住房") == []


# ------------------------------------------------------------------------------------------------- nothing is unmarked


NOT_WORDS = {"script", "style", "code"}  # a command is typed as it stands, in every language


class VisibleText(HTMLParser):
    """Gathers what a person sees or hears of a page: text, and attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in NOT_WORDS
        is_button = tag == "input" and dict(attrs).get("type") in {"submit", "button", "reset"}
        self.found += [value or "" for name, value in attrs if name in READ_ALOUD or (is_button and name == "value")]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in NOT_WORDS

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def without_django(source: str) -> str:
    """The bare HTML of a template: no variables, no tags, nothing that is translated, no comments."""
    pieces: list[str] = []
    inside = ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.token_type is TokenType.BLOCK else ""
        if inside:
            inside = "" if name == f"end{inside}" else inside
        elif name in {"comment", "blocktranslate", "blocktrans"}:
            inside = name
        elif token.token_type is TokenType.TEXT:
            pieces.append(token.contents)
    return "".join(pieces)


def unmarked(source: str) -> list[str]:
    """Every run of letters in a template that nobody can translate."""
    reader = VisibleText()
    reader.feed(without_django(source))
    reader.close()
    texts = [" ".join(text.split()) for text in reader.found]
    for allowed in ALLOWED_UNMARKED:
        texts = [text.replace(allowed, "") for text in texts]
    return [text for text in texts if re.search(r"[^\W\d_]{2,}", text)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_text_of_a_template_is_marked_for_translation(template: Path) -> None:
    assert unmarked(template.read_text(encoding="utf-8")) == []


def test_the_search_sees_planted_english() -> None:
    assert unmarked("<p>Hello {{ name }}</p>") == ["Hello"]
    assert unmarked('<nav aria-label="Pages"></nav>') == ["Pages"]
    assert unmarked('{% translate "Hello" %}<p class="big">{% comment %}no{% endcomment %}</p>') == []
    assert unmarked("{% blocktranslate count n=n %}One{% plural %}Many{% endblocktranslate %}") == []


def calls_for_words() -> Iterator[tuple[str, str, str]]:
    """Place, context and message of each call that asks for a translation, also where xgettext cannot look."""
    for floor in ("clinic", "consent"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                if node.func.id in TRANSLATORS and texts:
                    has_context = node.func.id.startswith("pgettext")
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield place, texts[0] if has_context else "", texts[1 if has_context else 0]


def test_every_call_for_words_finds_them() -> None:
    known = {(entry.msgctxt or "", entry.msgid) for entry in messages()}
    missing = [f"{place} {text!r}" for place, context, text in calls_for_words() if (context, text) not in known]
    assert missing == []

"""The pages for readers keep up with the code: printed ones are fresh, links lead somewhere, decisions are enforced."""

import ast
import importlib
import io
import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from simple_history.models import HistoricalChanges

import clinic.vocabulary
import consent.vocabulary
from consent.guards import guarded_models
from tests.architecture.banned_names import banned_in

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ADRS = sorted((DOCS / "adr").glob("[0-9]*.md"))
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]
SECTIONS = ["Context", "Options", "Choice", "Consequences", "Enforced by"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
NOT_OURS = {"node_modules", "var", "static", "__pycache__"}
HIDDEN_AND_OURS = {".ci", ".editorconfig", ".gitignore", ".npmrc"}

# What no file of the project may speak of: places on the machine where it was made, and hosts of package registries.
# Put together here so that this file does not speak of them either.
FORBIDDEN = tuple(
    "".join(parts)
    for parts in (
        ("../", "shared"),
        (".", "library"),
        ("/", "work/"),
        ("/", "root/"),
        ("/t", "mp/"),
        ("pypi", ".org"),
        ("python", "hosted", ".org"),
        ("registry.", "npmjs", ".org"),
        ("npm", "js", ".com"),
    )
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def own_files() -> Iterator[tuple[Path, str]]:
    """Every text file of the project, whether or not it is committed yet; what is built or installed is left out."""
    for path in sorted(ROOT.rglob("*")):
        inside = set(path.relative_to(ROOT).parts)
        is_hidden = any(part.startswith(".") for part in inside - HIDDEN_AND_OURS)
        if is_hidden or NOT_OURS & inside or not path.is_file():
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8")


def test_printed_pages_are_fresh() -> None:
    out = io.StringIO()
    call_command("generate_docs", check=True, stdout=out)
    assert "up to date" in out.getvalue()


def test_a_stale_page_is_seen(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="stale"):
        call_command("generate_docs", check=True, folder=tmp_path)


# ------------------------------------------------------------------------------------------------------------ decisions


def sections(page: Path) -> dict[str, str]:
    """Text of a page by its second-level headings, in order."""
    parts = re.split(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip((title.strip() for title in parts[1::2]), parts[2::2], strict=True))


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]
    assert len(ADRS) >= 9


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_a_decision_says_why_and_what_holds_it(page: Path) -> None:
    found = sections(page)
    assert list(found) == SECTIONS
    assert all(len(text.split()) > 10 for text in found.values())
    assert re.match(rf"# {page.name[:4]} \S", page.read_text(encoding="utf-8"))


def constraints() -> set[str]:
    return {rule.name for model in apps.get_models() for rule in [*model._meta.constraints, *model._meta.indexes]}


def contracts() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def is_test(named: str) -> bool:
    """A file of tests, and after `::` a test in it."""
    file, _, function = named.partition("::")
    path = ROOT / file
    if not (file.startswith("tests/") and path.is_file()):
        return False
    defined = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return not function or function in {node.name for node in defined if isinstance(node, ast.FunctionDef)}


def is_in_the_code(named: str) -> bool:
    """A dotted path to a function, or to a field as `app.Model.field`."""
    head, _, last = named.rpartition(".")
    app, _, model = head.partition(".")
    if app in apps.app_configs and model.lower() in apps.all_models[app]:
        return last in {field.name for field in apps.get_model(app, model)._meta.get_fields()}
    try:
        return hasattr(importlib.import_module(head), last)
    except (ImportError, ValueError):
        return False


def unknown(enforced: str) -> list[str]:
    """Names in backticks that are neither a test, a constraint, a contract, a function nor a field."""
    known = constraints() | contracts() | {name(page) for page in PAGES}
    named = re.findall(r"`([^`]+)`", enforced)
    return [each for each in named if each not in known and not is_test(each) and not is_in_the_code(each)]


@pytest.mark.parametrize("page", ADRS, ids=lambda page: page.stem)
def test_what_enforces_a_decision_exists(page: Path) -> None:
    enforced = sections(page)["Enforced by"]
    assert any(is_test(each) for each in re.findall(r"`([^`]+)`", enforced))
    assert unknown(enforced) == []


def test_an_invented_name_is_seen() -> None:
    assert unknown("`tests/architecture/test_docs.py::test_that_is_not_there` holds") != []
    assert unknown("`one_dead_consent_per_procedure`, `clinic.checks.no_such_check`, `consent.Consent.village`") == [
        "one_dead_consent_per_procedure", "clinic.checks.no_such_check", "consent.Consent.village",
    ]  # fmt: skip
    assert unknown("`one_live_consent_per_procedure`, `clinic.checks.check_database`, `consent.Consent.given_at`") == []


def left_out() -> set[str]:
    """The packages of the first column of the table of decision 0009, in the spelling of package indexes."""
    table = sections(next(page for page in ADRS if page.name.startswith("0009")))["Choice"]
    cells = re.findall(r"^\| ([^|]+) \|", table, flags=re.MULTILINE)[1:]
    return {package.strip().lower() for cell in cells for package in cell.split(",")} - {""}


def test_what_was_left_out_is_not_installed() -> None:
    packages = left_out()
    assert {"django-htmx", "django-cotton", "django-template-partials", "rules", "structlog"} <= packages
    for path in [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "package.json"]:
        text = path.read_text(encoding="utf-8")
        installed = set(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", text, flags=re.MULTILINE))
        installed |= set(re.findall(r'^ +"([^"]+)": "', text, flags=re.MULTILINE))
        assert packages & {package.lower() for package in installed} == set(), name(path)


# ---------------------------------------------------------------------------------------------------------------- links


def anchors(page: Path) -> set[str]:
    """Headings of a page as links name them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    """Links of a page that lead to no file or to no heading. Addresses outside are left alone."""
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"https?://|mailto:", link):
            continue
        file, _, anchor = link.partition("#")
        goal = (page.parent / file).resolve() if file else page
        if not goal.exists() or (anchor and anchor not in anchors(goal)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page\n[a](page.md) [b](none.md) [c](#a-page) [d](#no-such) [e](https://example.org/)")
    assert broken_links(page) == ["none.md", "#no-such"]


def test_every_page_can_be_found_from_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in LINK.findall(index)}
    assert set(DOCS.rglob("*.md")) - linked == {DOCS / "README.md"}


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=name)
def test_files_and_tests_that_pages_name_exist(page: Path) -> None:
    """A path in backticks is a file of the project; `::` names a test in it."""
    paths = re.findall(r"`((?:clinic|consent|tests|docs|requirements|\.ci)/[\w./:-]*[\w])`", page.read_text("utf-8"))
    missing = [path for path in paths if not ((ROOT / path).exists() or is_test(path))]
    assert missing == []


# ------------------------------------------------------------------------------------------------------------- glossary


def closed_lists() -> list[type[StrEnum]]:
    return [
        thing
        for module in (clinic.vocabulary, consent.vocabulary)
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, StrEnum) and thing is not StrEnum
    ]


def test_the_glossary_knows_every_table_and_every_closed_list() -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    tables = [
        model.__name__
        for floor in ("clinic", "consent")
        for model in apps.get_app_config(floor).get_models()
        if not issubclass(model, HistoricalChanges)
    ]
    wanted = tables + [kind.__name__ for kind in closed_lists()]
    assert len(list(guarded_models())) < len(tables)
    assert [each for each in wanted if f"`{each}`" not in glossary] == []


@pytest.mark.parametrize("kind", ["ConsentState", "Act", "Via", "Role", "ProcedureCategory", "HoldReason"])
def test_the_glossary_explains_every_code(kind: str) -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    codes = next(thing for thing in closed_lists() if thing.__name__ == kind)
    assert [code.value for code in codes if not re.search(rf"[`*]{re.escape(code.value)}[`*]", glossary)] == []


# ---------------------------------------------------------------------------------------------- what is never mentioned


def test_no_file_speaks_of_the_machine_it_was_made_on() -> None:
    found = [(name(path), word) for path, text in own_files() for word in FORBIDDEN if word in text]
    assert found == []


def test_the_walk_over_our_files_sees_them() -> None:
    seen = {name(path) for path, _text in own_files()}
    assert {"README.md", "Makefile", ".ci/test.py", "package-lock.json", "docs/glossary.md", "manage.py"} <= seen
    assert len(seen) > 300


def test_no_file_is_named_for_a_quota() -> None:
    assert {name(path): banned_in(name(path)) for path, _text in own_files() if banned_in(name(path))} == {}

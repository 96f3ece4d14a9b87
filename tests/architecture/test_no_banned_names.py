"""No name could serve a quota: every table, field, code, address, command and setting is read word by word.

The list stands in `banned_names.py`, the walk in `names_of_the_house.py`, exceptions in `banned_names_allowed.toml`.
"""

import json
import re
import tomllib
from pathlib import Path

import pytest
from django.db import connection, models

from tests.architecture.banned_names import BANNED, banned_in, words
from tests.architecture.names_of_the_house import COLLECTORS, ROOT, stored_names

ALLOWED_FILE = Path(__file__).with_name("banned_names_allowed.toml")
ENTRY_KEYS = {"path", "word", "reason", "reviewer"}

# What a package that reads bodies would be called. Nothing here needs one.
BIOMETRIC = ("biometric", "face", "fingerprint", "iris")
# Words that hold one of these letters in a row and mean something else.
NOT_A_FACE = re.compile(r"(inter|sur|type)faces?")


def allowed() -> list[dict[str, str]]:
    entries = tomllib.loads(ALLOWED_FILE.read_text(encoding="utf-8"))["allowed"]
    assert isinstance(entries, list)
    return entries


def found_in(names: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """Dotted path and banned word of each name that holds one."""
    return {(path, word) for path, name in names for word in banned_in(name)}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(COLLECTORS))
def test_no_name_holds_a_banned_word(kind: str) -> None:
    names = list(COLLECTORS[kind]())
    assert len(names) > 20, "the collector has gone blind"
    excepted = {(entry["path"], entry["word"]) for entry in allowed()}
    assert found_in(names) - excepted == set()


@pytest.mark.django_db
def test_every_exception_is_complete_and_still_needed() -> None:
    entries = allowed()
    needed = set().union(*(found_in(list(collect())) for collect in COLLECTORS.values())) if entries else set()
    for entry in entries:
        assert set(entry) == ENTRY_KEYS and all(value.strip() for value in entry.values()), entry
        assert entry["word"] in BANNED, entry
        assert len(entry["reason"].split()) >= 5, f"a reason is a sentence: {entry}"
        assert (entry["path"], entry["word"]) in needed, f"no longer needed: {entry}"


def test_only_one_file_excepts() -> None:
    others = [
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("**/*allowed*.toml")
        if not {".venv", "node_modules", "var"} & set(path.parts) and path != ALLOWED_FILE
    ]
    assert others == []


def spellings(banned: str) -> list[str]:
    """Ways in which somebody may write a banned word, alone or inside a longer name."""
    parts = banned.split("_")
    camel = parts[0] + "".join(part.title() for part in parts[1:])
    return [
        banned,
        f"patient_{banned}",
        f"{banned}-per-month",
        f"/clinics/{banned}/",
        banned.upper(),
        camel,
        f"Procedure{camel[0].upper()}{camel[1:]}",
        f"HTTP{camel[0].upper()}{camel[1:]}View",
        f"{banned}2",
        " ".join(parts).title(),
        "".join(parts),
        f"{banned}s",
    ]


@pytest.mark.parametrize("banned", BANNED)
def test_each_banned_word_is_caught_however_it_is_written(banned: str) -> None:
    planted = [(f"models.planted.Village.{spelling}", spelling) for spelling in spellings(banned)]
    assert {path for path, word in found_in(planted) if word == banned} == {path for path, _name in planted}


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("ranked_villages", "rank"),
        ("scoring", "score"),
        ("penalties", "penalty"),
        ("finedAt", "fine"),
        ("late_fines", "fine"),
        ("finger_print", "fingerprint"),
        ("over_quota", "overquota"),
        ("rewarded", "reward"),
        ("keyPersons", "key_person"),
        ("pledging", "pledge"),
    ],
)
def test_other_forms_are_caught(name: str, word: str) -> None:
    assert word in banned_in(name)


@pytest.mark.parametrize(
    "name",
    [
        "refusal", "refused", "refuse_consent", "define", "refine", "finest", "final", "finish_procedure", "confine",
        "frank", "crank", "franking", "irish", "siris", "scoreless", "underscore", "point", "appoint", "pointer",
        "ward", "default", "defaults", "form", "template", "face", "register", "registered_at",
        "key", "person", "key_for_person", "vote", "policy", "controller", "patient", "contract", "village",
        "deposition", "houses", "holdings", "accept", "mandated", "compliments", "planning", "out_of_date",
    ],
)  # fmt: skip
def test_innocent_words_pass(name: str) -> None:
    assert banned_in(name) == set()


def test_a_planted_table_is_seen_by_the_same_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model-like list of names, as a hand in a hurry might add them, goes through the collector of models."""

    class Meta:
        label, app_label, db_table, verbose_name = "clinic.Township", "clinic", "clinic_township", "township"
        constraints, indexes, permissions = (), (), (("see_ranking", ""),)
        default_permissions, model_name = ("view",), "township"

        @staticmethod
        def get_fields(*, include_hidden: bool) -> list[models.Field]:
            done = models.IntegerField(choices=[(1, "Behind its quota"), (2, "Done")])
            done.name, done.column, done.verbose_name = "done", "iud_target", "done"
            return [done]

    planted = type("Township", (), {"_meta": Meta})
    monkeypatch.setattr("tests.architecture.names_of_the_house.apps.get_models", lambda **_options: [planted])
    assert found_in(list(COLLECTORS["models"]())) == {
        ("models.clinic.Township.done", "target"),
        ("models.clinic.Township.done.1", "quota"),
        ("models.clinic.Township.permissions.see_ranking", "ranking"),
    }


@pytest.mark.django_db
def test_a_table_added_by_hand_is_seen() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE township (village_rank integer, refuser varchar(20))")
    assert found_in(list(stored_names())) == {
        ("database.township.village_rank", "village_rank"),
        ("database.township.village_rank", "rank"),
        ("database.township.refuser", "refuser"),
    }


def test_the_list_is_read_whole() -> None:
    assert len(BANNED) == len(set(BANNED)) == 55
    assert words("permitBirth-out_of_plan") == ["permit", "birth", "out", "of", "plan"]


def packages() -> list[str]:
    """Every package of every requirements file and of the front end."""
    names = [
        name
        for path in sorted((ROOT / "requirements").glob("*.*"))
        for name in re.findall(r"^([A-Za-z0-9][\w.-]*)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    ]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    return names + [name.rpartition("node_modules/")[2] for name in lock["packages"] if name]


def biometric(names: list[str]) -> set[str]:
    plain = {name: NOT_A_FACE.sub("", name.lower()) for name in names}
    return {name for name, rest in plain.items() if any(word in rest for word in BIOMETRIC)}


def test_no_package_reads_a_body() -> None:
    assert len(packages()) > 50
    assert biometric(packages()) == set()


def test_a_package_that_reads_a_body_is_seen() -> None:
    planted = ["face-recognition", "deepface", "iris_scan", "py.fingerprint", "biometrics", "@vendor/FaceApi"]
    assert biometric([*planted, "zope.interface", "surface", "typefaces"]) == set(planted)

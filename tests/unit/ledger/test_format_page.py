"""What `docs/ledger-format.md` says is so: its kinds, its patterns, and its recipe for people without our code."""

import re
from pathlib import Path

from consent.ledger import encoding
from consent.vocabulary import EntryKind
from tests.unit.ledger.test_vectors import VECTORS

PAGE = (Path(__file__).parents[3] / "docs" / "ledger-format.md").read_text(encoding="utf-8")


def test_the_page_lists_every_kind() -> None:
    part = PAGE.split("<!-- kinds")[1].split("<!-- end of kinds")[0]
    assert re.findall(r"`([a-z.-]+)`", part) == [kind.value for kind in EntryKind]


def test_the_page_quotes_the_patterns_of_the_code() -> None:
    for pattern in (encoding._ORIGIN, encoding._CODE, encoding._NAME):
        assert f"`{pattern.pattern}`" in PAGE


def test_the_page_names_every_field() -> None:
    table = PAGE.split("## Fields")[1].split("## Kinds")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)) == encoding._REQUIRED | encoding._OPTIONAL


def test_the_recipe_of_the_page_verifies_the_vectors() -> None:
    (recipe,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict = {}
    exec(recipe, names)  # noqa: S102  our own page
    bodies = [vector["body"].encode() for vector in VECTORS["entries"]]
    assert names["root_of"](bodies).hex() == VECTORS["entries"][-1]["root"]
    assert names["root_of"]([]).hex() == VECTORS["rfc6962"]["empty_root"]
    assert list(names["problems"](bodies)) == []
    assert list(names["problems"]([*bodies[:3], *bodies[4:5]])) == ["3: not the next entry of its subject"]
    assert list(names["problems"]([bodies[1] + b" "])) == ["0: not canonical"]

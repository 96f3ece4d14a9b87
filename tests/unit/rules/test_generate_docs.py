"""The command that prints the pages, and the pages as they stand in the repository."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consent.management.commands.generate_docs import DOCS, Command
from consent.rules.documents import DOCUMENTS


def generate(*arguments: str, folder: Path) -> str:
    out = io.StringIO()
    call_command(Command(stdout=out), *arguments, "--folder", str(folder))
    return out.getvalue()


def test_the_pages_in_the_repository_say_what_the_code_says() -> None:
    assert generate("--check", folder=DOCS) == f"{len(DOCUMENTS)} generated pages are up to date\n"


def test_missing_and_changed_pages_are_named_and_mended(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=rf"^{re.escape(', '.join(DOCUMENTS))} in .*: stale") as refusal:
        generate("--check", folder=tmp_path)
    assert refusal.value.returncode == 1
    assert not list(tmp_path.iterdir())
    assert generate(folder=tmp_path) == "".join(f"wrote {name}\n" for name in DOCUMENTS)
    assert {path.name for path in tmp_path.iterdir()} == set(DOCUMENTS)
    (tmp_path / "gate.md").write_text("# The gate is open\n")
    with pytest.raises(CommandError, match=r"^gate\.md in"):
        generate("--check", folder=tmp_path)
    assert generate(folder=tmp_path) == "wrote gate.md\n"
    assert generate(folder=tmp_path) == ""

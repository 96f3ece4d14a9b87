"""Which file holds what a site has tightened, and whether every file of the rules can be trusted.

One folder holds one file for each site that tightens anything, named after the site: its id in 32 hex characters, and
`.toml`. A site without a file follows its preset. Whatever else lies in the folder is refused, so that a file with a
mistyped name does not pass for a site without one.

>>> import uuid
>>> file_name(uuid.UUID(int=255))
'000000000000000000000000000000ff.toml'
"""

import functools
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from clinic.vocabulary import Preset
from consent.rules.definitions import definitions
from consent.rules.policy import effective_table, load_preset
from consent.rules.rule_table import PolicyError, RuleTable
from consent.rules.signals.table import load_signals


def file_name(site_id: uuid.UUID) -> str:
    """The name of a site's file."""
    return f"{site_id.hex}.toml"


def table_of_site(preset: Preset, site_id: uuid.UUID, *, folder: Path | None) -> RuleTable:
    """What holds at a site: its preset, and its file where there is one. **Raises** PolicyError."""
    if folder is None or not (folder / file_name(site_id)).exists():
        return load_preset(preset)
    return effective_table(preset, _text_of(folder / file_name(site_id)), file=file_name(site_id))


def shipped_findings() -> list[str]:
    """What is wrong with the tables of the house, one sentence each; empty when they can be trusted."""
    readers: list[Callable[[], object]] = [definitions, load_signals]
    readers += [functools.partial(load_preset, preset) for preset in Preset]
    return [problem for read in readers for problem in _problem(read)]


def folder_findings(folder: Path | None) -> list[str]:
    """What is wrong with the folder and the names in it."""
    if folder is None:
        return []
    if not folder.is_dir():
        return [f"{folder}: is no folder; set FREELY_GIVEN_SITE_RULES to one, or leave it out"]
    return [
        f"{path.name}: is not the name of a site's file; write the site's id in 32 hex characters and .toml"
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".") and _site_of(path) is None
    ]


def site_findings(folder: Path | None, presets: Mapping[uuid.UUID, Preset]) -> list[str]:
    """What is wrong with the files in the folder. **Takes** the preset of each site there is."""
    if folder is None or not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        site_id = _site_of(path)
        if site_id is not None and site_id not in presets:
            found.append(f"{path.name}: no site has this id")
        elif site_id is not None:
            found += _problem(functools.partial(table_of_site, presets[site_id], site_id, folder=folder))
    return found


def _problem(read: Callable[[], object]) -> list[str]:
    try:
        read()
    except PolicyError as problem:
        return [str(problem)]
    return []


def _site_of(path: Path) -> uuid.UUID | None:
    try:
        site_id = uuid.UUID(hex=path.stem)
    except ValueError:
        return None
    return site_id if path.name == file_name(site_id) else None


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path.name}:1: the file: cannot be read: {error}") from error

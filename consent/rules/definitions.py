"""The 78 rules, read once from `presets/rules/*.toml`.

>>> len(definitions()), definitions()["CR-050"].parameters["alone_minutes"].kind
(78, 'number')
"""

import functools
from collections.abc import Mapping
from importlib import resources

from consent.rules.definition_reader import read_definitions
from consent.rules.rule_table import GROUPS, Definition, Parameter, PolicyError


def preset_text(*names: str) -> str:
    """The text of a file under `presets/`. **Raises** PolicyError where it cannot be read."""
    file = resources.files("consent.rules").joinpath("presets", *names)
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{'/'.join(names)}: cannot be read: {error}") from error


@functools.cache
def definitions() -> Mapping[str, Definition]:
    """Every rule by its id, in order. **Raises** PolicyError."""
    return read_definitions({group: preset_text("rules", f"{group}.toml") for group in GROUPS})


@functools.cache
def parameters() -> tuple[Parameter, ...]:
    """Every parameter of every rule, in order."""
    return tuple(parameter for rule in definitions().values() for parameter in rule.parameters.values())

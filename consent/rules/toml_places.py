"""Where in a TOML file something stands, so that a refusal can name the line.

`tomllib` reads the file; this module only finds lines, and finds the id that stands twice. It reads one statement at a
time, so that a list over several lines is one place.

>>> where('[CR-001.min_age_years]\\nsource = "a"\\nSTER = { value = 18 }', ("CR-001", "min_age_years", "STER", "value"))
3
"""

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from consent.rules.rule_table import PolicyError

Path = tuple[str, ...]


def parse(text: str, *, file: str) -> dict[str, Any]:
    """The tables of a file. **Raises** PolicyError naming file and line, and the id where one stands twice."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        twice = _first_that_stands_twice(text)
        if twice is not None:
            path, first, second = twice
            reason = f"stands here again; it stands in line {first} already"
            raise PolicyError(f"{file}:{second}: {'.'.join(path)}: {reason}") from error
        found = re.search(r"at line (\d+)", str(error))
        line = found[1] if found else str(len(text.splitlines()) or 1)
        raise PolicyError(f"{file}:{line}: not TOML: {error}") from error


def refusal(text: str, path: Path, reason: str, *, file: str) -> PolicyError:
    """The error that names file, line, key and reason."""
    return PolicyError(f"{file}:{where(text, path)}: {'.'.join(path) or 'the file'}: {reason}")


def where(text: str, path: Path) -> int:
    """The line of a key or, where it is not there, of the nearest thing around it."""
    lines = _lines(text)
    return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), 1)


@functools.lru_cache(maxsize=16)
def _lines(text: str) -> Mapping[Path, int]:
    """The line of everything in a file. A table of rules asks for many places of one text."""
    lines: dict[Path, int] = {}
    for found, line in _statements(text):
        for length in range(len(found), 0, -1):
            lines.setdefault(found[:length], line)
    return lines


def _first_that_stands_twice(text: str) -> tuple[Path, int, int] | None:
    seen: dict[Path, int] = {}
    for path, line in _statements(text):
        if path in seen:
            return path, seen[path], line
        seen[path] = line
    return None


def _statements(text: str) -> Iterator[tuple[Path, int]]:
    """Each table heading and each key, with its whole path and the line on which it begins."""
    heading: Path = ()
    waiting, began = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        began = began if waiting else number
        waiting += line + "\n"
        statement = _read(waiting)
        if statement is None:
            continue
        is_heading, waiting = waiting.lstrip().startswith("["), ""
        if statement:
            heading = statement if is_heading else heading
            yield (statement if is_heading else heading + statement), began


def _read(statement: str) -> Path | None:
    """The path that a statement names; () for an empty line; None where it is not whole yet."""
    try:
        node: Any = tomllib.loads(statement)
    except tomllib.TOMLDecodeError:
        return None
    is_heading = statement.lstrip().startswith("[")
    path: Path = ()
    while isinstance(node, dict) and node and (is_heading or not path or "." in statement.split("=")[0]):
        key = next(iter(node))
        path, node = (*path, key), node[key]
    return path

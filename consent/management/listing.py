"""`manage.py rules list`: every rule of the one rule table, a line each, for people and for machines."""

import json
from argparse import ArgumentParser
from typing import Any

from consent.rules.definitions import definitions
from consent.rules.rule_table import Definition, Words

HELP = "list every rule: its number, what it is about, for whom it is, and when it is asked for"
FOUND = 0


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `rules list`."""
    parser.add_argument("--json", action="store_true", help="write a JSON list")


def answer(options: dict[str, Any]) -> tuple[str, int]:
    """What to print, and with which code to end."""
    rules = definitions().values()
    if options["json"]:
        return json.dumps([summary(rule) for rule in rules], indent=2, ensure_ascii=False), FOUND
    return "\n".join(_line(rule) for rule in rules), FOUND


def summary(rule: Definition) -> dict[str, Any]:
    """What a list says about a rule."""
    return {
        "id": rule.rule_id,
        "title": both(rule.title),
        "categories": list(rule.categories),
        "evaluated": [moment.value for moment in rule.evaluated],
        "parameters": list(rule.parameters),
    }


def both(words: Words) -> dict[str, str]:
    """A sentence in both languages."""
    return {"en": words.en, "zh-Hans": words.zh_hans}


def _line(rule: Definition) -> str:
    asked = ", ".join(rule.evaluated)
    return f"{rule.rule_id}  {rule.title.en} [{' '.join(rule.categories)}] ({asked})"

"""Every name that could carry a meaning: of tables, fields, codes, permissions, addresses, commands, settings and more.

Each collector gives pairs of a dotted path, under which an exception can be asked for, and the name found there. What
other people's packages bring is walked too: their tables stand in our database.
"""

import dataclasses
import enum
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.core.management import get_commands
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.forms import BaseForm
from django.template import engines
from django.urls import URLPattern, URLResolver, get_resolver

import clinic
import clinic.wording
import consent
import consent.wording
from clinic.config import settings
from consent.catalogue import read_sheets
from consent.rules.definitions import parameters
from consent.rules.gate import REQUIREMENTS

ROOT = Path(__file__).resolve().parents[2]
Names = Iterator[tuple[str, str]]
SERVER_ENTRIES = frozenset({"clinic.config.wsgi", "clinic.config.asgi"})  # importing one starts a server


def house_modules() -> Iterator[ModuleType]:
    """Every module of both floors."""
    for package in (clinic, consent):
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name not in SERVER_ENTRIES:
                yield importlib.import_module(found.name)


def model_names() -> Names:
    for model in apps.get_models(include_auto_created=True):
        path = f"models.{model._meta.label}"
        for name in (model.__name__, model._meta.app_label, model._meta.db_table, str(model._meta.verbose_name)):
            yield path, name
        for field in model._meta.get_fields(include_hidden=True):
            yield f"{path}.{field.name}", field.name
            if isinstance(field, models.Field):
                yield from _field_names(f"{path}.{field.name}", field)
        for rule in [*model._meta.constraints, *model._meta.indexes]:
            yield f"{path}.{rule.name}", rule.name
        for codename in _permissions(model):
            yield f"{path}.permissions.{codename}", codename


def _field_names(path: str, field: models.Field) -> Names:
    yield path, str(field.verbose_name)
    yield path, str(field.help_text)
    yield path, str(field.column or "")
    yield from _choice_names(path, field.choices or ())


def _choice_names(path: str, choices: Iterable[Any]) -> Names:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _choice_names(path, label)
            continue
        yield f"{path}.{value}", str(value)
        yield f"{path}.{value}", str(label)


def _permissions(model: type[models.Model]) -> Iterator[str]:
    yield from (f"{action}_{model._meta.model_name}" for action in model._meta.default_permissions)
    yield from (codename for codename, _words in model._meta.permissions)


def code_names() -> Names:
    """Modules, classes, functions with their arguments, fields of facts, and every code of every closed list."""
    for module in house_modules():
        yield module.__name__, module.__name__
        for name, thing in vars(module).items():
            path = f"{module.__name__}.{name}"
            if getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isclass(thing):
                yield path, name
                yield from _class_names(path, thing)
            elif inspect.isfunction(thing):
                yield path, name
                yield from ((f"{path}.{argument}", argument) for argument in inspect.signature(thing).parameters)


def _class_names(path: str, thing: type) -> Names:
    if issubclass(thing, enum.Enum):
        for member in thing:
            yield f"{path}.{member.name}", member.name
            yield f"{path}.{member.name}", str(member.value)
    if dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield f"{path}.{field.name}", field.name


def form_names() -> Names:
    """Every form that any installed code brings: its fields, their labels and their codes."""
    for _module in house_modules():
        pass  # forms are known once their modules are loaded
    for form in sorted(_below(BaseForm), key=lambda found: f"{found.__module__}.{found.__qualname__}"):
        path = f"forms.{form.__module__}.{form.__qualname__}"
        yield path, form.__name__
        for name, field in getattr(form, "base_fields", {}).items():
            yield f"{path}.{name}", name
            yield f"{path}.{name}", str(field.label or "")
            yield from _choice_names(f"{path}.{name}", getattr(field, "choices", ()))


def _below(kind: type) -> set[type]:
    return {kind}.union(*(_below(child) for child in kind.__subclasses__()))


def wording_names() -> Names:
    """The words shown for each code of a closed list."""
    for module in (clinic.wording, consent.wording):
        for name, table in vars(module).items():
            if isinstance(table, Mapping) and not name.startswith("_"):
                yield from ((f"{module.__name__}.{name}.{code}", str(label)) for code, label in table.items())


def url_names() -> Names:
    yield from _url_names(get_resolver().url_patterns)


def _url_names(patterns: Iterable[URLPattern | URLResolver]) -> Names:
    for pattern in patterns:
        route = str(pattern.pattern)
        yield f"urls.{route}", route
        if isinstance(pattern, URLResolver):
            yield f"urls.{pattern.namespace}", str(pattern.namespace or "")
            yield from _url_names(pattern.url_patterns)
        else:
            yield f"urls.{pattern.name}", str(pattern.name or "")


def command_names() -> Names:
    yield from ((f"commands.{name}", name) for name in get_commands())


def setting_names() -> Names:
    """Settings that our own file defines; Django's many others are not ours to name."""
    yield from ((f"settings.{name}", name) for name in vars(settings) if name.isupper())


def migration_names() -> Names:
    for app, name in MigrationLoader(None).disk_migrations:
        yield f"migrations.{app}.{name}", name


def template_names() -> Names:
    """Tags, filters and files of templates, and what their forms call their inputs."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    for label, module in engine.libraries.items():
        library = importlib.import_module(module).register
        for name in [label, *library.tags, *library.filters]:
            yield f"template_tags.{label}.{name}", name
    for floor in ("clinic", "consent"):
        for path in sorted((ROOT / floor / "templates").rglob("*.*")):
            file = path.relative_to(ROOT).as_posix()
            yield f"templates.{file}", file
            for name in re.findall(r"""\bname=["']([^"'{]+)["']""", path.read_text(encoding="utf-8")):
                yield f"templates.{file}.{name}", name


def rule_names() -> Names:
    """Requirements of the gate and the parameters of its rule tables."""
    yield from ((f"requirements.{requirement.id}", requirement.id) for requirement in REQUIREMENTS)
    yield from ((f"parameters.{parameter.name}", parameter.name) for parameter in parameters())


def catalogue_names() -> Names:
    """Keys of the information sheets, and the keys under which their parts are stored. Their prose is prose."""
    for file, sheet in read_sheets(None):
        for path, name in _keys(sheet):
            yield f"catalogue.{file}.{path}", name


def _keys(node: object, path: str = "") -> Names:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield f"{path}{key}", str(key)
            if key in {"key", "code", "category"}:
                yield f"{path}{key}.{value}", str(value)
            yield from _keys(value, f"{path}{key}.")
    elif isinstance(node, list | tuple):
        for item in node:
            yield from _keys(item, path)


def stored_names(database: BaseDatabaseWrapper = connection) -> Names:
    """What the database itself calls its tables, columns, constraints and triggers, whoever made them."""
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            yield f"database.{table}", table
            for column in database.introspection.get_table_description(cursor, table):
                yield f"database.{table}.{column.name}", column.name
            for name in database.introspection.get_constraints(cursor, table):
                yield f"database.{table}.{name}", name
        listing = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if database.vendor == "sqlite":
            listing = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
        cursor.execute(listing)
        for (name,) in cursor.fetchall():
            yield f"database.triggers.{name}", name


COLLECTORS: dict[str, Callable[[], Names]] = {
    "models": model_names,
    "code": code_names,
    "forms": form_names,
    "wording": wording_names,
    "addresses": url_names,
    "commands": command_names,
    "settings": setting_names,
    "migrations": migration_names,
    "templates": template_names,
    "rules": rule_names,
    "catalogue": catalogue_names,
    "database": stored_names,
}

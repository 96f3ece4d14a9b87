"""Every name by which the installed simple-history could be used, read from the package itself.

Modules, functions, classes and their methods, the options they take, what is put on models, the attributes and settings
the library looks for. A name that a new release brings appears here by itself.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import simple_history
from django.db import models
from django.dispatch import Signal

from clinic.models import Patient
from clinic.models.bases import HouseModel

LOOKED_FOR = re.compile(r"^(_history\w*|_change_reason|_as_of|skip_history\w*|SIMPLE_HISTORY_\w+|simple_history\w*)$")
SIDE_DOORS = ("tests", "registry_tests")  # the library's own tests, where a build ships them


def names() -> set[str]:
    """Every name, written as `module:what`."""
    found: set[str] = set()
    for module in modules():
        found.add(module.__name__)
        found |= set(_of_module(module))
        found |= set(_looked_for(module))
    return found | set(_put_on_models())


def modules() -> Iterator[ModuleType]:
    yield simple_history
    for info in pkgutil.walk_packages(simple_history.__path__, "simple_history."):
        if not any(part in SIDE_DOORS for part in info.name.split(".")):
            yield importlib.import_module(info.name)


def _of_module(module: ModuleType) -> Iterator[str]:
    for name, thing in vars(module).items():
        is_own = isinstance(thing, Signal) or getattr(thing, "__module__", module.__name__) == module.__name__
        if name.startswith("_") or inspect.ismodule(thing) or not is_own:
            continue
        yield f"{module.__name__}:{name}"
        if inspect.isclass(thing):
            yield from _of_class(f"{module.__name__}:{name}", thing)
        elif inspect.isfunction(thing):
            yield from (f"{module.__name__}:{name}({option}=)" for option in inspect.signature(thing).parameters)


def _of_class(path: str, cls: type) -> Iterator[str]:
    for name, thing in vars(cls).items():
        if not name.startswith("_"):
            yield f"{path}.{name}"
        if name == "__init__":
            yield from (f"{path}({option}=)" for option in inspect.signature(thing).parameters if option != "self")


def _looked_for(module: ModuleType) -> Iterator[str]:
    """Attributes and settings the library asks for by name: as text, or after a dot."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        said = node.value if isinstance(node, ast.Constant) else node.attr if isinstance(node, ast.Attribute) else None
        if isinstance(said, str) and LOOKED_FOR.match(said):
            yield f"looks for {said}"


def _put_on_models() -> Iterator[str]:
    """What a followed model and its history have that a plain model of ours has not."""
    plain = set(dir(HouseModel)) | set(dir(models.Model)) | {"DoesNotExist", "MultipleObjectsReturned"}
    own = {"guard"} | {name for field in Patient._meta.get_fields() for name in _names_of(field)}
    history = Patient.history.model  # type: ignore[attr-defined]
    for side, model in (("row", Patient), ("history row", history)):
        for name in set(dir(model)) - plain - own:
            yield f"on a {side}: {re.sub('historical_?patient', 'historical…', name)}"


def _names_of(field: models.Field) -> Iterator[str]:
    yield field.name
    yield getattr(field, "attname", field.name)
    accessor = getattr(field, "get_accessor_name", None)
    if accessor is not None:
        yield str(accessor())
    for beginning in ("get_next_by_", "get_previous_by_"):
        yield f"{beginning}{field.name}"
    yield f"get_{field.name}_display"

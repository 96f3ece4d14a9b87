"""Carries a whole clinic from one database to another, row by row, as a move to another engine does."""

import pickle
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction

from consent.models import LedgerCheckpoint
from consent.queries.ledger import verify

Answer = dict[str, Any]


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in {"clinic", "consent"}]


def _state() -> Answer:
    report = verify()
    heads = [(head.size, head.root_hash, head.note) for head in LedgerCheckpoint.objects.order_by("ledger", "size")]
    origins = [one.origin for one in report.ledgers]
    return {"origins": origins, "heads": heads, "wrong": [finding.sentence for finding in report.findings]}


def dump(path: str) -> Answer:
    """Every row of both floors, as Python values."""
    rows = {
        model._meta.label: [
            {field.attname: _plain(getattr(row, field.attname)) for field in model._meta.concrete_fields}
            for row in model._base_manager.all()
        ]
        for model in _models()
    }
    Path(path).write_bytes(pickle.dumps(rows))
    return _state()


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def load(path: str) -> Answer:
    """Put them into an empty database."""
    rows = pickle.loads(Path(path).read_bytes())  # noqa: S301  written a moment ago by the other half of this test
    with transaction.atomic():
        for model in _models():
            manager: Any = models.Manager()
            manager.model, manager.name = model, "_base_manager"
            manager.bulk_create([model(**values) for values in rows[model._meta.label]])
    return _state()

"""The open columns that the self-audit reads beside the entries. No column here is personal, of health, or secret.

The number of questions to the database is the same for one patient and for a batch of them. Rows go under their keys
as entries write them: 32 hex characters.
"""

import datetime
import functools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from clinic.models import Site
from clinic.vocabulary import ProcedureCategory
from consent.models import (
    ClinicalFact,
    Consent,
    Conversation,
    InformationSheetVersion,
    PolicyVersion,
    ProcedureStart,
    RemovalContraindication,
    RemovalEnd,
    RemovalSecondOpinion,
    ShorterWaitAnswer,
    Signature,
    TalkRequest,
)
from consent.models.digests import model_label
from consent.queries.audit_entries import Stream
from consent.rules.policy import Policy, PolicyError, RuleTable, policy_for
from consent.rules.policy_digest import read_policy_document
from consent.rules.ratchet import stricter_of
from consent.vocabulary import SignatureMeaning

Row = dict[str, Any]
Rows = dict[str, Row]

OPEN_COLUMNS: Mapping[type[models.Model], tuple[str, ...]] = {
    Consent: (
        "procedure_id",
        "procedure__procedure_type_id",
        "procedure__procedure_type__category",
        "procedure__procedure_type__particular",
        "policy_id",
        "signed_policy_id",
        "state",
        "signed_digest",
        "given_via",
        "copy_choice",
        "sheet_version_id",
        "sheet_version__digest",
        "sheet_version__reading_minutes",
    ),
    Conversation: (
        "interpreter_qualification",
        "interpreter_is_companion",
        "sheet_opened_at",
        "was_live",
        "no_loss_spoken",
        "witness_offered",
        "minutes_alone",
    ),
    Signature: ("consent_id", "meaning", "is_reused"),
    ShorterWaitAnswer: ("is_agreed", "was_private"),
    ProcedureStart: (
        "procedure_id",
        "consent_id",
        "emergency_id",
        "policy_id",
        "procedure__procedure_type__category",
        "procedure__procedure_type__particular",
    ),
    TalkRequest: ("consent_id",),
    ClinicalFact: ("consent_id",),
    RemovalEnd: ("request_id",),
    RemovalContraindication: ("request_id",),
    RemovalSecondOpinion: ("contraindication_id", "agrees", "told_patient"),
}


@dataclass(frozen=True, slots=True)
class OpenRows:
    """Everything open about a batch of streams, by model and key."""

    rows: Mapping[type[models.Model], Rows]

    def of(self, model: type[models.Model], key: str | None) -> Row | None:
        """One row; None where there is none."""
        return self.rows[model].get(key) if key else None


def open_rows(streams: Iterable[Stream]) -> OpenRows:
    """The rows that these streams name."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for stream in streams:
        for read in stream:
            for label, key in read.keys:
                wanted[label].add(key)
    return OpenRows({model: _rows(model, wanted[model_label(model)]) for model in OPEN_COLUMNS})


def _rows(model: Any, keys: set[str]) -> Rows:
    found = model.objects.filter(pk__in=[uuid.UUID(hex=key) for key in keys])
    return {row["pk"].hex: row for row in found.values("pk", *OPEN_COLUMNS[model])}


def reused(rows: OpenRows) -> frozenset[uuid.UUID]:
    """The consents whose drawn yes was noted to look like another person's."""
    return frozenset(
        row["consent_id"]
        for row in rows.rows[Signature].values()
        if row["meaning"] == SignatureMeaning.GIVES_CONSENT and row["is_reused"]
    )


def newer_sheets(site: Site) -> dict[uuid.UUID, datetime.datetime]:
    """Since when a version of a sheet is out of force because one with material changes was published, by version."""
    versions: list[Any] = list(
        InformationSheetVersion.objects.filter(site=site).values("pk", "sheet_id", "language", "major", "published_at")
    )
    replaced: dict[uuid.UUID, datetime.datetime] = {}
    for one in versions:
        later = [other["published_at"] for other in versions if _replaces(other, one)]
        if later:
            replaced[one["pk"]] = min(later)
    return replaced


def _replaces(other: Any, one: Any) -> bool:
    is_same_sheet = (other["sheet_id"], other["language"]) == (one["sheet_id"], one["language"])
    return is_same_sheet and other["major"] > one["major"]


class StoredRules:
    """The rule tables that were stored with signatures and starts, read once in a run."""

    def __init__(self) -> None:
        self._table = functools.cache(_stored_table)
        self._joined = functools.cache(self._join)

    def policy(self, ids: Iterable[uuid.UUID | None], kind: Row, *, prefix: str, on: datetime.date) -> Policy | None:
        """The strictest of these tables for a kind of care on a day; None where one cannot be read."""
        named = tuple(sorted({one for one in ids if one is not None}))
        category, particular = kind[f"{prefix}category"], kind[f"{prefix}particular"]
        try:
            return policy_for(self._joined(named), ProcedureCategory(category), particular, on=on)
        except PolicyError:
            return None

    def _join(self, ids: tuple[uuid.UUID, ...]) -> RuleTable:
        if not ids:
            raise PolicyError("no rules are named")
        return functools.reduce(stricter_of, map(self._table, ids))


def _stored_table(policy_id: uuid.UUID) -> RuleTable:
    document = PolicyVersion.objects.filter(pk=policy_id).values_list("document", flat=True).first()
    if document is None:
        raise PolicyError("the rules are not stored")
    return read_policy_document(document.encode())

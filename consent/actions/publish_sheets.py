"""Publish: freeze the sheets of the catalogue as versions at one site. Only ever adds."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.define_procedure_type import define_procedure_type
from clinic.exceptions import NotAllowedError
from clinic.models import Account, ProcedureType, Site
from clinic.vocabulary import Particular, Permission, ProcedureCategory, Role
from consent.catalogue import read_sheets
from consent.exceptions import IncompleteSheetError
from consent.ledger_store import Actor, SheetText, append
from consent.models import InformationSheet, InformationSheetVersion
from consent.rules.disclosure import missing_elements, sheet_digest
from consent.vocabulary import EntryKind, Via

CODE_SYSTEM = "urn:freely-given:procedure-types"


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What was published now, and what stood published already, as `key language version`."""

    published: tuple[str, ...]
    unchanged: tuple[str, ...]


def _label(sheet: Mapping[str, Any]) -> str:
    return f"{sheet['sheet']['key']} {sheet['sheet']['language']} {sheet['sheet']['version']}"


def check_complete(name: str, sheet: Mapping[str, Any]) -> None:
    """Raises IncompleteSheetError naming the file and each missing element."""
    missing = missing_elements(sheet)
    if missing:
        raise IncompleteSheetError(
            _("%(file)s cannot be published: %(missing)s") % {"file": name, "missing": " ".join(missing)}
        )


def _procedure_type(sheet: Mapping[str, Any]) -> ProcedureType:
    row = sheet["procedure"]
    return define_procedure_type(
        code_system=CODE_SYSTEM,
        code=row["code"],
        category=ProcedureCategory(row["category"]),
        names={sheet["sheet"]["language"]: row["name"]},
        needs_laterality=row["needs_laterality"],
        particular=Particular(row.get("particular", Particular.NONE)),
        is_experimental=row.get("is_experimental", False),
        ethics_approval=row.get("ethics_approval", ""),
    )


def _sheet_row(sheet: Mapping[str, Any]) -> InformationSheet:
    kind = _procedure_type(sheet)
    row = InformationSheet.objects.filter(key=sheet["sheet"]["key"]).first()
    if row is None:
        row = InformationSheet(key=sheet["sheet"]["key"], procedure_type=kind)
        row.save(force_insert=True)
    return row


def _version_row(site: Site, row: InformationSheet, sheet: Mapping[str, Any]) -> InformationSheetVersion:
    head = sheet["sheet"]
    major, minor = (int(part) for part in head["version"].split("."))
    return InformationSheetVersion(
        sheet=row,
        site=site,
        language=head["language"],
        major=major,
        minor=minor,
        title=head["title"],
        content=dict(sheet),
        digest=sheet_digest(sheet),
        reading_minutes=head["reading_minutes"],
        published_at=clock.now(),
    )


def _stands_already(version: InformationSheetVersion, sheet: Mapping[str, Any]) -> bool:
    earlier = InformationSheetVersion.objects.filter(
        site=version.site, sheet=version.sheet, language=version.language, major=version.major, minor=version.minor
    ).first()
    if earlier is not None and earlier.digest != version.digest:
        raise IncompleteSheetError(
            _("%(sheet)s is published already with other words; give the new words a new version number.")
            % {"sheet": _label(sheet)}
        )
    return earlier is not None


def _publish(site: Site, sheet: Mapping[str, Any], *, by: Account) -> bool:
    row = _sheet_row(sheet)
    version = _version_row(site, row, sheet)
    if _stands_already(version, sheet):
        return False
    version.save(force_insert=True)
    append(
        site=site,
        kind=EntryKind.SHEET_PUBLISHED,
        subject=None,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=Via.COMMAND),
        rows=[row, version],
        occurred_at=version.published_at,
        text=SheetText(sheet=row.key, version=version.version, language=version.language, digest=version.digest),
    )
    return True


def _checked(folder: Path | None) -> Iterator[Mapping[str, Any]]:
    for name, sheet in read_sheets(folder):
        check_complete(name, sheet)
        yield sheet


@one_act
def publish_sheets(*, site_id: uuid.UUID, by: Account, folder: Path | None = None) -> PublishReport:
    """Freeze every sheet of the catalogue at a site. Publishing twice writes nothing new.

    **Takes** the site; the administrator who publishes; another catalogue folder than our own, if any.
    **Gives** what was published and what stood already.
    **Raises** IncompleteSheetError (names file and element; nothing at all is published), NotAllowedError.
    **Writes** ProcedureType, InformationSheet, InformationSheetVersion; one entry sheet.published each.
    """
    if not by.may(Permission.MANAGE_ACCOUNTS):
        raise NotAllowedError(_("Only an administrator publishes information sheets."))
    site = Site.objects.get(pk=site_id)
    sheets = list(_checked(folder))
    published: list[str] = []
    unchanged: list[str] = []
    for sheet in sheets:
        (published if _publish(site, sheet, by=by) else unchanged).append(_label(sheet))
    return PublishReport(published=tuple(published), unchanged=tuple(unchanged))

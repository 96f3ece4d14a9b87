"""Define a kind of procedure in the coded catalogue."""

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.actions.saving import has_changed, save_as
from clinic.exceptions import InvalidInputError
from clinic.models import ProcedureType
from clinic.vocabulary import Particular, ProcedureCategory


@transaction.atomic
def define_procedure_type(
    *,
    code_system: str,
    code: str,
    category: ProcedureCategory,
    names: dict[str, str],
    needs_laterality: bool,
    particular: Particular = Particular.NONE,
    is_experimental: bool = False,
    ethics_approval: str = "",
) -> ProcedureType:
    """Define a kind of procedure, or add plain names to one that is defined already.

    May run inside another action's transaction (publishing sheets).

    **Takes** names by language (BCP 47); names in other languages stay as they are; what the rules must know beyond
    the category; whether it is experimental and, if so, the id of the approved study.
    **Raises** InvalidInputError: category and particular choose the rules, so neither ever changes under an existing
    code; only a particular that was not known yet is added.
    **Writes** ProcedureType, only when something is new.
    """
    values = {
        "needs_laterality": needs_laterality,
        "particular": particular,
        "is_experimental": is_experimental,
        "ethics_approval": ethics_approval,
    }
    kind = ProcedureType.objects.select_for_update().filter(code_system=code_system, code=code).first()
    if kind is None:
        kind = ProcedureType(code_system=code_system, code=code, category=category, names=dict(names), **values)
        save_as(kind, by=None)
        return kind
    _check_same_rules(kind, category, particular)
    if has_changed(kind, {"names": kind.names | names, **values}):
        save_as(kind, by=None)
    return kind


def _check_same_rules(kind: ProcedureType, category: ProcedureCategory, particular: Particular) -> None:
    if kind.category != category:
        raise InvalidInputError(
            _("%(code)s is defined already with another category; use a new code.") % {"code": kind.code},
            field="category",
        )
    if kind.particular and kind.particular != particular:
        raise InvalidInputError(
            _("%(code)s is defined already with another particular; use a new code.") % {"code": kind.code},
            field="particular",
        )

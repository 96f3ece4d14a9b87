"""Define a kind of procedure in the coded catalogue."""

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.actions.saving import has_changed, save_as
from clinic.exceptions import InvalidInputError
from clinic.models import ProcedureType
from clinic.vocabulary import ProcedureCategory


@transaction.atomic
def define_procedure_type(
    *, code_system: str, code: str, category: ProcedureCategory, names: dict[str, str], needs_laterality: bool
) -> ProcedureType:
    """Define a kind of procedure, or add plain names to one that is defined already.

    May run inside another action's transaction (publishing sheets).

    **Takes** names by language (BCP 47); names in other languages stay as they are.
    **Raises** InvalidInputError: the category chooses the rules, so it never changes under an existing code.
    **Writes** ProcedureType, only when something is new.
    """
    kind = ProcedureType.objects.select_for_update().filter(code_system=code_system, code=code).first()
    if kind is None:
        kind = ProcedureType(
            code_system=code_system, code=code, category=category, names=dict(names), needs_laterality=needs_laterality
        )
        save_as(kind, by=None)
        return kind
    if kind.category != category:
        raise InvalidInputError(
            _("%(code)s is defined already with another category; use a new code.") % {"code": code},
            field="category",
        )
    if has_changed(kind, {"names": kind.names | names, "needs_laterality": needs_laterality}):
        save_as(kind, by=None)
    return kind

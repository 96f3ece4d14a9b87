"""The acts of care without consent, each with the world it needs."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from clinic import clock
from clinic.actions.define_procedure_type import define_procedure_type
from clinic.models import Patient, Procedure, ProcedureType
from clinic.vocabulary import Laterality, Particular, ProcedureCategory
from consent.actions.agree_to_addition import agree_to_addition
from consent.actions.agree_to_emergency import agree_to_emergency
from consent.actions.declare_addition import Wanted, declare_addition
from consent.actions.declare_emergency import Need, declare_emergency
from consent.actions.review_emergency import review_emergency
from consent.actions.start_procedure import start_procedure
from consent.actions.tell_patient import tell_patient
from consent.vocabulary import CannotConsent, Grounds, ReviewFinding
from tests.factories import House

Act = Callable[[], Any]


def kind_of(
    category: ProcedureCategory = ProcedureCategory.MAJOR, particular: Particular = Particular.NONE, code: str = ""
) -> ProcedureType:
    """A kind of procedure that may have to be done at once."""
    return define_procedure_type(
        code_system="urn:test",
        code=code or f"test-{category.value.lower()}{particular.value}",
        category=category,
        names={"en": f"Test operation {code or category.value}"},
        needs_laterality=False,
        particular=particular,
    )


def operation(house: House, patient: Patient | None = None, **kind: Any) -> Procedure:
    """An operation that is planned, and about which nobody has been asked."""
    return house.procedure(patient, code=kind_of(**kind).code)


def declared(house: House, procedure: Procedure | None = None, **changes: Any) -> Any:
    """What the rules answered to the midwife who declared an emergency ten minutes after the need arose."""
    values: dict[str, Any] = {
        "is_life_at_risk": True,
        "why_not_asked": CannotConsent.UNCONSCIOUS,
        "danger": "Bleeding inside the belly that does not stop by itself.",
        "happened_at": clock.now() - datetime.timedelta(minutes=10),
    }
    by, key = changes.pop("by", house.midwife.account), changes.pop("form_key", None) or uuid.uuid4()
    procedure = procedure or operation(house)
    return declare_emergency(procedure_id=procedure.pk, need=Need(**(values | changes)), by=by, form_key=key)


def under_way(house: House, procedure: Procedure | None = None) -> Procedure:
    """An emergency on which two agreed."""
    emergency = declared(house, procedure).row
    assert emergency is not None
    start = agree_to_emergency(procedure_id=emergency.procedure_id, by=house.colleague.account).row
    assert start is not None
    return Procedure.objects.get(pk=start.procedure_id)


def consented(house: House) -> Procedure:
    """A procedure under way on the patient's own word."""
    consent = house.ready()
    assert start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account).start
    return Procedure.objects.get(pk=consent.procedure_id)


def added(house: House, during: Procedure | None = None, **changes: Any) -> Any:
    """What the rules answered to the operator who declared that something must be added."""
    kind = changes.pop("kind", None) or kind_of(ProcedureCategory.MINOR)
    values: dict[str, Any] = {
        "procedure_type_id": kind.pk,
        "laterality": Laterality.NONE,
        "body_site": "",
        "grounds": Grounds.SERIOUS_HARM,
        "danger": "A second vessel is torn.",
    }
    by, key = changes.pop("by", house.midwife.account), changes.pop("form_key", None) or uuid.uuid4()
    during = during or under_way(house)
    return declare_addition(procedure_id=during.pk, wanted=Wanted(**(values | changes)), by=by, form_key=key)


def declare(house: House) -> Act:
    values = {"procedure": operation(house), "form_key": uuid.uuid4(), "happened_at": clock.now()}
    return lambda: declared(house, **dict(values))


def agree(house: House) -> Act:
    procedure_id = declared(house).row.procedure_id
    return lambda: agree_to_emergency(procedure_id=procedure_id, by=house.colleague.account)


def review(house: House) -> Act:
    procedure = under_way(house)
    return lambda: review_emergency(
        procedure_id=procedure.pk, finding=ReviewFinding.JUSTIFIED, note="Nobody could ask.", by=house.advocate
    )


def tell(house: House) -> Act:
    procedure = under_way(house)
    return lambda: tell_patient(
        procedure_id=procedure.pk, words="What was done, why, and what it means.", by=house.midwife.account
    )


def add(house: House) -> Act:
    values = {"during": under_way(house), "kind": kind_of(ProcedureCategory.MINOR), "form_key": uuid.uuid4()}
    return lambda: added(house, **dict(values))


def agree_to_add(house: House) -> Act:
    procedure_id = added(house).row.procedure_id
    return lambda: agree_to_addition(procedure_id=procedure_id, by=house.colleague.account)


ACTS: dict[str, Callable[[House], Act]] = {
    "declare_emergency": declare,
    "agree_to_emergency": agree,
    "review_emergency": review,
    "tell_patient": tell,
    "declare_addition": add,
    "agree_to_addition": agree_to_add,
}

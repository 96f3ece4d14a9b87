"""Planning and calling off a procedure, handing over the tablet, the log of views."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.actions.cancel_appointment import cancel_appointment
from clinic.actions.cancel_procedure import cancel_procedure
from clinic.actions.close_handover import close_handover
from clinic.actions.define_procedure_type import define_procedure_type
from clinic.actions.log_record_view import log_record_view
from clinic.actions.open_handover import open_handover
from clinic.actions.plan_procedure import plan_procedure
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Procedure, ProcedureType, RecordView, TabletHandover
from clinic.queries import record_views_of
from clinic.vocabulary import Laterality, ProcedureCategory, ProcedureStatus
from tests.factories import House


def sided_type() -> ProcedureType:
    return define_procedure_type(
        code_system="urn:test",
        code="sided",
        category=ProcedureCategory.MINOR,
        names={"en": "Something on one side"},
        needs_laterality=True,
    )


def test_a_procedure_is_planned_with_its_history(house: House) -> None:
    procedure = house.procedure()
    assert procedure.status == ProcedureStatus.PREPARATION
    assert procedure.history.get().history_user_id == house.midwife.account_id


def test_a_plan_sent_twice_writes_once(house: House) -> None:
    patient = house.patient()
    values = {
        "patient_id": patient.pk,
        "procedure_type_id": ProcedureType.objects.get().pk,
        "operator_id": house.midwife.pk,
        "appointment_id": house.appointment(patient).pk,
        "laterality": Laterality.NONE,
        "body_site": "",
        "accompanies_birth": None,
        "by": house.midwife.account,
        "form_key": uuid.uuid4(),
    }
    assert plan_procedure(**values).pk == plan_procedure(**values).pk
    assert Procedure.objects.get().accompanies_birth is None


def test_a_plan_is_refused_with_its_field(house: House, elsewhere: House) -> None:
    sided = sided_type()
    cases = {
        "laterality": {"code": sided.code, "laterality": Laterality.NONE},
        "operator": {"operator_id": elsewhere.midwife.pk},
        "body_site": {"body_site": "x" * 101},
    }
    for field, changes in cases.items():
        with pytest.raises(InvalidInputError) as refusal:
            house.procedure(**changes)
        assert refusal.value.field == field
    with pytest.raises(InvalidInputError) as refusal:
        house.procedure(laterality=Laterality.LEFT)
    assert refusal.value.field == "laterality"
    assert not Procedure.objects.exists()


def test_the_appointment_is_the_patients_own_and_open(house: House) -> None:
    patient, kind = house.patient(), ProcedureType.objects.get()
    somebody_elses = house.appointment(house.patient(name="Test Patient Two"))
    cancelled = house.appointment(patient)
    cancel_appointment(appointment_id=cancelled.pk, by=house.receptionist)
    for appointment_id in (somebody_elses.pk, cancelled.pk, uuid.uuid4()):
        with pytest.raises(InvalidInputError) as refusal:
            plan_procedure(
                patient_id=patient.pk,
                procedure_type_id=kind.pk,
                operator_id=house.midwife.pk,
                appointment_id=appointment_id,
                laterality=Laterality.NONE,
                body_site="",
                accompanies_birth=None,
                by=house.midwife.account,
                form_key=uuid.uuid4(),
            )
        assert refusal.value.field == "appointment"


def test_who_may_not_plan_or_call_off(house: House, elsewhere: House) -> None:
    procedure = house.procedure()
    for by in (house.receptionist, house.advocate, elsewhere.midwife.account, procedure.patient.account):
        with pytest.raises(NotAllowedError):
            cancel_procedure(procedure_id=procedure.pk, by=by)
        with pytest.raises(NotAllowedError):
            open_handover(procedure_id=procedure.pk, by=by)
    with pytest.raises(NotAllowedError):
        plan_procedure(
            patient_id=procedure.patient_id,
            procedure_type_id=procedure.procedure_type_id,
            operator_id=house.midwife.pk,
            appointment_id=procedure.appointment_id,
            laterality=Laterality.NONE,
            body_site="",
            accompanies_birth=None,
            by=house.receptionist,
            form_key=uuid.uuid4(),
        )


def test_calling_off_twice_writes_once(house: House) -> None:
    procedure = house.procedure()
    for _time in range(2):
        assert cancel_procedure(procedure_id=procedure.pk, by=house.midwife.account).status == "not-done"
    assert procedure.history.count() == 2
    with pytest.raises(WrongStateError):
        open_handover(procedure_id=procedure.pk, by=house.midwife.account)


@pytest.mark.parametrize("status", [ProcedureStatus.IN_PROGRESS, ProcedureStatus.COMPLETED, ProcedureStatus.STOPPED])
def test_what_has_begun_is_not_called_off(house: House, status: ProcedureStatus) -> None:
    procedure = house.procedure()
    procedure.status = status
    procedure.save()
    with pytest.raises(WrongStateError):
        cancel_procedure(procedure_id=procedure.pk, by=house.midwife.account)


def test_unknown_procedures(house: House) -> None:
    with pytest.raises(WrongStateError):
        cancel_procedure(procedure_id=uuid.uuid4(), by=house.midwife.account)
    with pytest.raises(WrongStateError):
        open_handover(procedure_id=uuid.uuid4(), by=house.midwife.account)


def test_one_tablet_at_a_time(house: House) -> None:
    procedure = house.procedure()
    first = open_handover(procedure_id=procedure.pk, by=house.midwife.account)
    second = open_handover(procedure_id=procedure.pk, by=house.midwife.account)
    assert second.ends_at - second.opened_at == datetime.timedelta(minutes=20)
    assert list(TabletHandover.objects.filter(closed_at__isnull=True)) == [second]
    closed = close_handover(handover_id=second.pk)
    again = close_handover(handover_id=second.pk)
    assert closed and again and closed.closed_at == again.closed_at
    assert close_handover(handover_id=uuid.uuid4()) is None
    assert TabletHandover.objects.get(pk=first.pk).closed_at is not None


def test_a_look_is_logged_for_the_patient(house: House, elsewhere: House) -> None:
    patient = house.patient()
    log_record_view(patient_id=patient.pk, by=house.receptionist, page="patient")
    (line,) = record_views_of(patient.pk)
    assert (line.name, line.role, line.page) == ("Test Receptionist", "receptionist", "patient")
    with pytest.raises(NotAllowedError):
        log_record_view(patient_id=patient.pk, by=elsewhere.receptionist, page="patient")


def test_many_later_looks_push_no_early_one_out(house: House) -> None:
    patient = house.patient()
    log_record_view(patient_id=patient.pk, by=house.midwife.account, page="patient")
    for _look in range(250):
        log_record_view(patient_id=patient.pk, by=house.receptionist, page="patient")
    assert record_views_of(patient.pk)[-1].name == "Test Midwife"


@pytest.mark.parametrize("sentence", ["UPDATE {table} SET page = 'nothing'", "DELETE FROM {table}"])
def test_the_log_of_views_never_changes(house: House, sentence: str) -> None:
    log_record_view(patient_id=house.patient().pk, by=house.receptionist, page="patient")
    table = RecordView._meta.db_table
    refused = pytest.raises(DatabaseError, match=r"never (change|vanish)|not authorized")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sentence.format(table=table))
    assert RecordView.objects.get().page == "patient"

"""Addresses of the upper floor. They carry opaque ids only."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from consent.views import (
    ability,
    answers,
    audit,
    complaints,
    corrections,
    emergency,
    erasures,
    holds,
    mine,
    offers,
    procedures,
    public_log,
    receipts,
    removals,
    rules,
    slip_check,
    staff,
    staff_acts,
    statements,
    talk,
    waits,
    witness,
)


class Digest(StringConverter):
    """64 lowercase hex characters."""

    regex = "[0-9a-f]{64}"


class LogId(StringConverter):
    """32 lowercase hex characters: the id of a ledger, as its origin carries it."""

    regex = "[0-9a-f]{32}"


register_converter(Digest, "hex64")
register_converter(LogId, "hex32")

urlpatterns = [
    path("procedures/<uuid:procedure_id>/consent/", staff.propose, name="consent-propose"),
    path("procedures/<uuid:procedure_id>/start/", procedures.start, name="procedure-start"),
    path("procedures/<uuid:procedure_id>/stop/", procedures.stop, name="procedure-stop"),
    path("procedures/<uuid:procedure_id>/finish/", procedures.finish, name="procedure-finish"),
    path("procedures/<uuid:procedure_id>/emergency/", emergency.emergency, name="emergency"),
    path("procedures/<uuid:procedure_id>/emergency/declare/", emergency.declare, name="emergency-declare"),
    path("procedures/<uuid:procedure_id>/emergency/agree/", emergency.agree, name="emergency-agree"),
    path("procedures/<uuid:procedure_id>/emergency/told/", emergency.told, name="emergency-told"),
    path("procedures/<uuid:procedure_id>/emergency/review/", emergency.review, name="emergency-review"),
    path("procedures/<uuid:procedure_id>/addition/", emergency.add, name="addition-declare"),
    path("audit/", audit.audit, name="audit"),
    path("emergencies/", emergency.emergencies, name="emergencies"),
    path("consents/<uuid:consent_id>/", staff.consent, name="consent"),
    path("consents/<uuid:consent_id>/sheet/", staff.sheet, name="sheet"),
    path("consents/<uuid:consent_id>/conversation/", talk.conversation, name="consent-conversation"),
    path("consents/<uuid:consent_id>/conversation/<slug:step>/", talk.page, name="consent-talk"),
    path("consents/<uuid:consent_id>/interpreter/", statements.interpreter, name="consent-interpreter"),
    path("consents/<uuid:consent_id>/explained/", statements.obtainer, name="consent-obtainer"),
    path("consents/<uuid:consent_id>/certify/", staff_acts.certify, name="consent-certify"),
    path("consents/<uuid:consent_id>/spoken-no/", staff_acts.spoken_no, name="consent-spoken-no"),
    path("consents/<uuid:consent_id>/supersede/", staff_acts.supersede, name="consent-supersede"),
    path("consents/<uuid:consent_id>/report-error/", staff_acts.report, name="consent-report-error"),
    path("consents/<uuid:consent_id>/mark-in-error/", staff_acts.mark, name="consent-mark-in-error"),
    path("consents/<uuid:consent_id>/clinical-fact/", offers.clinical_fact, name="consent-clinical-fact"),
    path("consents/<uuid:consent_id>/hold/", staff_acts.hold, name="consent-hold"),
    path("consents/<uuid:consent_id>/can-decide/", ability.assess, name="consent-assess-capacity"),
    path("consents/<uuid:consent_id>/young-person/", ability.young_person, name="consent-young-person"),
    path("consents/<uuid:consent_id>/guardian/", ability.guardian, name="consent-guardian"),
    path("consents/<uuid:consent_id>/early-birth/", waits.early_birth, name="consent-early-birth"),
    path("consents/<uuid:consent_id>/belly-emergency/", waits.abdominal_emergency, name="consent-belly-emergency"),
    path("consents/<uuid:consent_id>/shorter-wait/", waits.answer, name="consent-shorter-wait"),
    path("shorter-waits/", waits.wishes, name="shorter-waits"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("holds/", holds.holds, name="holds"),
    path("holds/<uuid:hold_id>/lift/", holds.lift, name="hold-lift"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/new/", complaints.spoken, name="complaint-new"),
    path("complaints/<uuid:complaint_id>/", complaints.complaint, name="complaint"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<uuid:correction_id>/", corrections.correction, name="correction"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<hex64:digest>/", rules.table, name="rules-table"),
    path("rules/<hex64:digest>.json", rules.document, name="rules-document"),
    path("removals/", removals.removals, name="removals"),
    path("removals/<uuid:removal_id>/", removals.removal, name="removal"),
    path("removals/<uuid:removal_id>/done/", removals.done, name="removal-done"),
    path("removals/<uuid:removal_id>/reason/", removals.contraindication, name="removal-reason"),
    path("removals/<uuid:removal_id>/opinion/", removals.second_opinion, name="removal-opinion"),
    path("patients/<uuid:patient_id>/removal/", removals.new, name="removal-new"),
    path("patients/<uuid:patient_id>/slips/", receipts.desk, name="patient-slips"),
    path("patients/<uuid:patient_id>/slips/<uuid:entry_id>/print/", receipts.desk_print, name="patient-slip-print"),
    path("log/", public_log.logs, name="logs"),
    path("log/<hex32:log_id>/checkpoint", public_log.checkpoint, name="log-checkpoint"),
    path("log/<hex32:log_id>/policy", public_log.policy, name="log-policy"),
    path("log/<hex32:log_id>/<path:tile>", public_log.tile, name="log-tile"),
    path("log/verifier/<slug:kind>", public_log.verifier, name="log-verifier"),
    path("log/check/", slip_check.check, name="log-check"),
    path("log/poster/", slip_check.poster, name="log-poster"),
    path("witness/add-checkpoint", witness.add_checkpoint, name="witness-add-checkpoint"),
    path("mine/", mine.mine, name="mine"),
    path("mine/removals/", removals.own_removals, name="mine-removals"),
    path("mine/removals/<uuid:removal_id>/keep/", removals.own_keep, name="mine-removal-keep"),
    path("mine/looked/", mine.looked, name="mine-looked"),
    path("mine/complaints/", complaints.own, name="mine-complaints"),
    path("mine/complaints/new/", complaints.new, name="mine-complain"),
    path("mine/complaints/made/", complaints.made, name="mine-complained"),
    path("mine/complaints/<uuid:complaint_id>/add/", complaints.add, name="mine-complaint-add"),
    path("mine/corrections/", corrections.own, name="mine-corrections"),
    path("mine/corrections/<uuid:correction_id>/send/", corrections.send, name="mine-correction-send"),
    path("mine/slips/", receipts.own, name="mine-slips"),
    path("mine/slips/<uuid:entry_id>/", receipts.slip, name="mine-slip"),
    path("mine/slips/<uuid:entry_id>/code.svg", receipts.code, name="mine-slip-code"),
    path("mine/slips/<uuid:entry_id>/take/", receipts.take, name="mine-slip-take"),
    path("mine/slips/<uuid:entry_id>/decline/", receipts.decline, name="mine-slip-decline"),
    path("mine/without-my-word/", emergency.without_word, name="mine-without-word"),
    path("mine/<uuid:consent_id>/", mine.consent, name="mine-consent"),
    path("mine/<uuid:consent_id>/sheet/", mine.sheet, name="mine-sheet"),
    path("mine/<uuid:consent_id>/give/", answers.give, name="mine-give"),
    path("mine/<uuid:consent_id>/refuse/", answers.refuse, name="mine-refuse"),
    path("mine/<uuid:consent_id>/more-time/", answers.more_time, name="mine-more-time"),
    path("mine/<uuid:consent_id>/confirm/", answers.confirm, name="mine-confirm"),
    path("mine/<uuid:consent_id>/take-back/", answers.take_back, name="mine-take-back"),
    path("mine/<uuid:consent_id>/ask-to-talk/", offers.ask, name="mine-ask-to-talk"),
    path("mine/<uuid:consent_id>/shorter-wait/", waits.ask, name="mine-shorter-wait"),
    path("mine/<uuid:consent_id>/done/", mine.done, name="mine-done"),
    path("mine/<uuid:consent_id>/record/", mine.record, name="mine-record"),
]

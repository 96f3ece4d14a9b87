"""Addresses of the upper floor. They carry opaque ids only."""

from django.urls import path

from consent.views import answers, holds, mine, procedures, staff, staff_acts

urlpatterns = [
    path("procedures/<uuid:procedure_id>/consent/", staff.propose, name="consent-propose"),
    path("procedures/<uuid:procedure_id>/start/", procedures.start, name="procedure-start"),
    path("procedures/<uuid:procedure_id>/stop/", procedures.stop, name="procedure-stop"),
    path("procedures/<uuid:procedure_id>/finish/", procedures.finish, name="procedure-finish"),
    path("consents/<uuid:consent_id>/", staff.consent, name="consent"),
    path("consents/<uuid:consent_id>/sheet/", staff.sheet, name="sheet"),
    path("consents/<uuid:consent_id>/conversation/", staff.conversation, name="consent-conversation"),
    path("consents/<uuid:consent_id>/certify/", staff_acts.certify, name="consent-certify"),
    path("consents/<uuid:consent_id>/spoken-no/", staff_acts.spoken_no, name="consent-spoken-no"),
    path("consents/<uuid:consent_id>/supersede/", staff_acts.supersede, name="consent-supersede"),
    path("consents/<uuid:consent_id>/report-error/", staff_acts.report, name="consent-report-error"),
    path("consents/<uuid:consent_id>/mark-in-error/", staff_acts.mark, name="consent-mark-in-error"),
    path("consents/<uuid:consent_id>/hold/", staff_acts.hold, name="consent-hold"),
    path("holds/", holds.holds, name="holds"),
    path("holds/<uuid:hold_id>/lift/", holds.lift, name="hold-lift"),
    path("mine/", mine.mine, name="mine"),
    path("mine/looked/", mine.looked, name="mine-looked"),
    path("mine/<uuid:consent_id>/", mine.consent, name="mine-consent"),
    path("mine/<uuid:consent_id>/sheet/", mine.sheet, name="mine-sheet"),
    path("mine/<uuid:consent_id>/give/", answers.give, name="mine-give"),
    path("mine/<uuid:consent_id>/refuse/", answers.refuse, name="mine-refuse"),
    path("mine/<uuid:consent_id>/more-time/", answers.more_time, name="mine-more-time"),
    path("mine/<uuid:consent_id>/confirm/", answers.confirm, name="mine-confirm"),
    path("mine/<uuid:consent_id>/take-back/", answers.take_back, name="mine-take-back"),
    path("mine/<uuid:consent_id>/done/", mine.done, name="mine-done"),
    path("mine/<uuid:consent_id>/record/", mine.record, name="mine-record"),
]

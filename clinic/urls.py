"""Addresses of the ground floor. Names are the contract between rooms; ids in them are opaque."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path
from django.views.i18n import set_language

from clinic.accounts.doors import staff_only
from clinic.views import appointments, cards, home, patients, procedures, sign_in, today

any_staff = staff_only()

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", set_language, name="language"),
    path("large-text/", home.large_text, name="large-text"),
    path("sign-in/", sign_in.staff_sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("card/", sign_in.card_sign_in, name="card-sign-in"),
    # The same doors under the names allauth looks for, and the parts of allauth that staff need.
    path("sign-in/", sign_in.staff_sign_in, name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("account/inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("account/confirm/", any_staff(allauth_views.reauthenticate), name="account_reauthenticate"),
    path("account/password/", sign_in.change_password, name="account_change_password"),
    path("account/2fa/", any_staff(mfa.index), name="mfa_index"),
    path("account/2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("account/2fa/confirm/", any_staff(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/2fa/totp/activate/", any_staff(totp.activate_totp), name="mfa_activate_totp"),
    path("account/2fa/totp/deactivate/", any_staff(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/2fa/codes/", any_staff(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/2fa/codes/new/", any_staff(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        "account/2fa/codes/download/",
        any_staff(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("today/", today.today, name="today"),
    path("patients/", patients.patients, name="patients"),
    path("patients/new/", patients.patient_new, name="patient-new"),
    path("patients/<uuid:patient_id>/", patients.patient, name="patient"),
    path("patients/<uuid:patient_id>/access-needs/", patients.access_needs, name="patient-access-needs"),
    path("patients/<uuid:patient_id>/card/", cards.patient_card, name="patient-card"),
    path("patients/<uuid:patient_id>/card/unlock/", cards.card_unlock, name="card-unlock"),
    path("patients/<uuid:patient_id>/appointments/new/", appointments.appointment_new, name="appointment-new"),
    path("patients/<uuid:patient_id>/procedures/new/", procedures.procedure_new, name="procedure-new"),
    path("appointments/<uuid:appointment_id>/move/", appointments.appointment_move, name="appointment-move"),
    path("appointments/<uuid:appointment_id>/cancel/", appointments.appointment_cancel, name="appointment-cancel"),
    path(
        "appointments/<uuid:appointment_id>/check-in/", appointments.appointment_check_in, name="appointment-check-in"
    ),
    path("procedures/<uuid:procedure_id>/cancel/", procedures.procedure_cancel, name="procedure-cancel"),
    path("procedures/<uuid:procedure_id>/hand-over/", procedures.procedure_hand_over, name="procedure-hand-over"),
    path("hand-over/end/", procedures.hand_over_end, name="hand-over-end"),
    path("hand-over/ended/", procedures.hand_over_ended, name="hand-over-ended"),
]

"""Pages about being able to decide: an assessment, a note about a young person, a guardian's word."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from clinic.accounts.doors import see, staff_only
from clinic.vocabulary import Permission
from consent.actions.assess_capacity import assess_capacity
from consent.actions.note_young_person import note_young_person
from consent.actions.record_guardian_word import record_guardian_word
from consent.forms.ability import CapacityForm, GuardianForm, YoungPersonForm
from consent.queries.ability import ability_page, asks_about_contraception
from consent.views.showing import consent_for_staff, form_page, typed, who


@staff_only(Permission.ASSESS_CAPACITY)
@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Look at whether the patient can decide this now."""
    consent = consent_for_staff(request, consent_id)
    form = CapacityForm(typed(request))

    def act() -> HttpResponse:
        values = form.cleaned_data
        assess_capacity(
            consent_id=consent.pk,
            limbs=form.limbs(),
            impairment=values["impairment"],
            support_tried=values["support_tried"],
            by=who(request),
            form_key=values["form_key"],
        )
        return see("consent", consent_id=consent.pk)

    context = {"consent": consent, "ability": ability_page(consent)}
    return form_page(request, "consent/ability_assess.html", form=form, context=context, act=act)


@staff_only(Permission.ASSESS_CAPACITY)
@require_http_methods(["GET", "POST"])
def young_person(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Write down whether a young person understands enough to decide this herself."""
    consent = consent_for_staff(request, consent_id)
    form = YoungPersonForm(typed(request), is_about_contraception=asks_about_contraception(consent))

    def act() -> HttpResponse:
        values = form.cleaned_data
        note_young_person(
            consent_id=consent.pk,
            answers=form.answers(),
            note=values["note"],
            by=who(request),
            form_key=values["form_key"],
        )
        return see("consent", consent_id=consent.pk)

    context = {"consent": consent, "ability": ability_page(consent)}
    return form_page(request, "consent/ability_young_person.html", form=form, context=context, act=act)


@staff_only(Permission.RECORD_GUARDIAN)
@require_http_methods(["GET", "POST"])
def guardian(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Write down what a guardian said; it never replaces the young person's own word."""
    consent = consent_for_staff(request, consent_id)
    form = GuardianForm(typed(request))

    def act() -> HttpResponse:
        record_guardian_word(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    context = {"consent": consent, "ability": ability_page(consent)}
    return form_page(request, "consent/ability_guardian.html", form=form, context=context, act=act)

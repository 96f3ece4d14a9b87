"""What must not exist does not: no field, form, address, command or setting for it.

Each test names the rules it proves and shows, with a name planted in the same test, that it can fail. The walk over
names is that of `names_of_the_house`; what Django and other packages call their own things is not ours to name.
"""

import ast
import functools
from collections.abc import Iterable, Iterator
from inspect import signature
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.db import models

from clinic.actions.register_patient import register_patient
from clinic.models import Account, Appointment, Patient
from clinic.vocabulary import ROLE_PERMISSIONS, Permission, Preset, Role
from consent.actions.refuse import refuse_consent
from consent.actions.withdraw import withdraw_consent
from consent.guards import guarded_models
from consent.models import Consent
from consent.rules.lifecycle import TRANSITIONS
from consent.rules.policy import load_preset
from consent.vocabulary import (
    ENDED_STATES,
    LIVE_STATES,
    ConsentState,
    GuardianRelation,
    RemovalOutcome,
    SignatureMeaning,
)
from tests.architecture.banned_names import BANNED, banned_in, words
from tests.architecture.names_of_the_house import COLLECTORS, ROOT
from tests.architecture.who_says_yes import ASKED, SHARED_PEN, functions_that_record_a_yes

pytestmark = pytest.mark.django_db  # some forms look up their choices

OURS = ("models.clinic", "models.consent", "forms.clinic", "forms.consent", "urls", "commands", "settings")
FLOORS = ("clinic.", "consent.")
TABLE = ("consent.rules", "consent.management")  # may name what it refuses
Named = Iterable[tuple[str, str]]


@functools.cache
def house_names() -> tuple[tuple[str, str], ...]:
    """Dotted path and name of every model, field, code, form, address, command and setting of ours."""
    kinds = ("models", "code", "forms", "addresses", "commands", "settings")
    return tuple(
        (path, name)
        for kind in kinds
        for path, name in COLLECTORS[kind]()
        if path.startswith((*OURS, *FLOORS)) and not path.startswith(TABLE)
    )


def speaking_of(names: Named, *phrases: str) -> set[str]:
    """Paths of the names that hold one of these phrases, word by word and also in the plural."""
    wanted = [phrase.split() for phrase in phrases]
    return {path for path, name in names if any(_holds(words(name), phrase) for phrase in wanted)}


def _holds(name: list[str], phrase: list[str]) -> bool:
    singular = [word.removesuffix("s") for word in name]
    wanted = [word.removesuffix("s") for word in phrase]
    return any(singular[start : start + len(wanted)] == wanted for start in range(len(name) - len(wanted) + 1))


def is_refused(planted: str, *phrases: str, rooms: tuple[str, ...] = ()) -> bool:
    """Whether no name of the house speaks of it, outside the rooms named, and a planted one would be seen."""
    assert speaking_of([("models.planted.field", planted)], *phrases), f"the test is blind to {planted}"
    found = sorted(path for path in speaking_of(house_names(), *phrases) if not path.startswith(rooms))
    assert found == [], f"refused by design: {found}"
    return True


def values(name: str) -> set[object]:
    """What every preset says about one parameter."""
    return {rules[name].value for preset in Preset for rules in load_preset(preset).rules.values() if name in rules}


def house_sources() -> Iterator[tuple[str, ast.Module]]:
    for floor in ("clinic", "consent"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


# ------------------------------------------------------------------------------------------------------ whose decision


def test_nobody_but_the_patient_can_say_yes() -> None:
    """CR-009. Nobody signs in the patient's place; a guardian's word never carries a sterilisation.

    What the patient signed on paper is entered by staff, after two people found it right; never the day-of yes.
    """
    phrases = (
        "surrogate",
        "proxy consent",
        "proxy signature",
        "substitute decision",
        "on behalf",
        "signed for patient",
    )
    assert is_refused("surrogate_signed_at", *phrases)
    assert values("surrogate_consent") == {"absent"}
    assert {load_preset(preset).rules["STER"]["guardian_word"].value for preset in Preset} == {"never"}
    found = dict(pair for _, tree in house_sources() for pair in functions_that_record_a_yes(tree))
    assert set(found) == {"_give", "give_on_paper", "confirm_consent", SHARED_PEN}, "somebody new writes a yes"
    unasked = {name for name, called in found.items() if not called & ASKED}
    assert unasked == {SHARED_PEN}, found
    assert "check_two_found_right" in found["give_on_paper"] and "check_is_patient" in found["confirm_consent"]
    planted = ast.parse("def give_for_her(consent, by):\n    consent.given_by = by\n    save(consent)\n")
    assert [called for _, called in functions_that_record_a_yes(planted)] == [{"save"}]


def test_nobody_else_gives_leave() -> None:
    """CR-015. No spouse, relative or official gives leave: third_party_authorisation is absent."""
    phrases = (
        *("spouse", "husband", "wife", "partner consent", "partner approval", "partner signature", "family approval"),
        *(
            "authorisation",
            "authorization",
            "third party",
            "official approval",
            "village",
            "countersign",
            "permission of",
        ),
    )
    assert is_refused("husbands_signature", *phrases)
    assert is_refused("official_approval_at", *phrases)
    assert values("third_party_authorisation") == {"absent"}


def test_relatives_cannot_consent() -> None:
    """CR-060. kin_consent is absent: a parent or guardian speaks beside a young person, and nobody beside an adult."""
    assert is_refused("next_of_kin_name", "kin", "kinship", "relative consent", "family consent", "relative signature")
    assert values("kin_consent") == {"absent"}
    assert {relation.value for relation in GuardianRelation} == {"parent", "legal-guardian"}


def roles_that_decide(permissions: dict[Role, frozenset[Permission]]) -> set[Role]:
    return {role for role, held in permissions.items() if Permission.DECIDE_OWN_CARE in held}


def test_no_staff_session_can_say_yes() -> None:
    """CR-075. signing_session: only the patient's own account decides; no role of staff carries that permission."""
    assert roles_that_decide(ROLE_PERMISSIONS) == {Role.PATIENT}
    planted = {**ROLE_PERMISSIONS, Role.RECEPTIONIST: frozenset({Permission.DECIDE_OWN_CARE})}
    assert roles_that_decide(planted) != {Role.PATIENT}


def closed_codes() -> set[str]:
    """Every code of every closed list of ours."""
    return {name for path, name in COLLECTORS["code"]() if path.startswith(("clinic.vocabulary", "consent.vocabulary"))}


def bypassing(codes: set[str]) -> set[str]:
    return codes & {"LM", "PJ", "lm", "pj", "legally-mandated", "professional-judgement", "professional-judgment"}


def test_no_code_skips_the_patient() -> None:
    """CR-102. bypass_codes: the codes LM and PJ of HL7 have no place here."""
    assert is_refused("LEGALLY_MANDATED", "legally mandated", "professional judgement", "bypass", "override consent")
    assert bypassing(closed_codes()) == set()
    assert len(closed_codes()) > 100, "the walk has gone blind"
    assert bypassing({*closed_codes(), "PJ"}) == {"PJ"}


# --------------------------------------------------------------------------------------------- nothing hangs on it


def hanging_on(relations: Iterable[tuple[str, str]]) -> set[str]:
    """Models outside the upper floor that point into it. **Takes** labels of models: from, to."""
    return {start for start, end in relations if end.startswith("consent.") and not start.startswith("consent.")}


def relations() -> list[tuple[str, str]]:
    return [
        (model._meta.label, field.related_model._meta.label)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField) and not isinstance(field.related_model, str)
    ]


def test_nothing_hangs_on_a_consent() -> None:
    """CR-011, CR-100. conditional_on_consent and papers_for_a_yes are absent: no order, appointment, paper or price."""
    assert hanging_on(relations()) == set()
    assert len(relations()) > 30, "the walk has gone blind"
    assert hanging_on([*relations(), ("clinic.Discount", "consent.Consent")]) == {"clinic.Discount"}
    phrases = ("price", "discount", "benefit", "depend on consent", "birth paper", "discharge paper", "certificate of")
    assert is_refused("benefit_after_consent", *phrases)
    assert values("conditional_on_consent") == values("papers_for_a_yes") == {"absent"}


def test_a_consent_to_care_carries_no_leave_for_data() -> None:
    """CR-042. separate_data_consent: what is signed for care says nothing about the use of data."""
    phrases = ("data consent", "data use", "research", "share with", "marketing", "recipient", "disclose to")
    assert is_refused("agrees_to_research", *phrases)
    assert {meaning.value for meaning in SignatureMeaning} == {
        *("gives-consent", "confirms-today", "certifies-as-operator", "states-as-interpreter", "states-as-obtainer"),
    }
    assert values("separate_data_consent") == {True}


def test_no_name_serves_a_campaign() -> None:
    """CR-090, CR-091, CR-092. advantage_for_an_answer, planned_numbers and ties_to_an_answer are absent."""
    refused = {
        "CR-090": {"incentive", "reward", "bonus", "gift"},
        "CR-091": {"target", "quota", "ranking", "leaderboard", "score", "points"},
        "CR-092": {"deposit", "fine", "guarantee", "pledge", "penalty", "contract_patient"},
    }
    for rule_id, group in refused.items():
        assert group <= set(BANNED), rule_id
        assert {word for _, name in house_names() for word in banned_in(name)} & group == set(), rule_id
        assert all(banned_in(f"village_{word}_total") for word in group), rule_id
    for name in ("advantage_for_an_answer", "planned_numbers", "ties_to_an_answer"):
        assert values(name) == {"absent"}


# ------------------------------------------------------------------------------------------- what is never recorded


def test_no_field_for_what_a_fetus_is() -> None:
    """CR-016. sex_result_before_birth is absent."""
    assert is_refused("fetus_is_a_girl", "fetal", "foetal", "fetus", "foetus", "sex of", "gender", "boy", "girl")
    assert values("sex_result_before_birth") == {"absent"}


def test_nobody_is_identified_by_the_body() -> None:
    """CR-071. biometric_required and biometric_template_stored are absent; every page forbids the camera."""
    phrases = (
        "biometric",
        "fingerprint",
        "finger print",
        "iris",
        "retina",
        "facial",
        "face template",
        "voiceprint",
        "palm",
    )
    assert is_refused("iris_scan", *phrases)
    assert values("biometric_required") == values("biometric_template_stored") == {"absent"}
    middleware = (ROOT / "clinic" / "accounts" / "middleware.py").read_text(encoding="utf-8")
    assert "camera=()" in middleware


def test_nobody_is_sorted_by_family_or_body() -> None:
    """CR-097. sorting_by_family_or_body is absent: a person's row holds nothing to sort by."""
    phrases = (
        *(
            "marital",
            "married",
            "children",
            "child count",
            "parity",
            "pregnant",
            "pregnancy",
            "contraceptive",
            "method",
        ),
        *("ethnic", "ethnicity", "religion", "hiv", "register place", "origin", "income", "priority", "method"),
    )
    people = [
        (f"{model.__name__}.{field.name}", field.name)
        for model in (Patient, Account, Appointment)
        for field in model._meta.get_fields()
        if not field.is_relation
    ]
    assert len(people) > 20, "the walk has gone blind"
    assert speaking_of(people, *phrases) == set()
    assert speaking_of([*people, ("Patient.number_of_children", "number_of_children")], *phrases)
    assert values("sorting_by_family_or_body") == {"absent"}


def test_care_needs_no_papers() -> None:
    """CR-093. identity_paper_required is absent: a name in any script and a birth date are enough."""
    phrases = ("passport", "identity", "identity card", "residence", "residence permit", "insurance", "social security")
    asked = [(name, name) for name in signature(register_patient).parameters]
    assert len(asked) > 8, "the walk has gone blind"
    assert speaking_of(asked, *phrases) == set()
    assert speaking_of([*asked, ("passport_number", "passport_number")], *phrases) == {"passport_number"}
    assert is_refused("residence_permit_seen", *phrases)
    assert values("identity_paper_required") == {"absent"}


# ------------------------------------------------------------------------------------------------- nothing goes out

WAYS_OUT = (
    "requests",
    "httpx",
    "urllib.request",
    "http.client",
    "socket",
    "smtplib",
    "ftplib",
    "django.core.mail",
    "csv",
)


def ways_out(tree: ast.Module) -> set[str]:
    """What a module imports that could carry data away, or write lists of people."""
    named: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {way for way in WAYS_OUT if any(name == way or name.startswith(f"{way}.") for name in named)}


# A log holds no name and no word. Its sizes, roots and signatures leave the house; nothing about any person does.
SIGNED_HEADS_ONLY = {"consent/actions/outside.py", "consent/actions/publish_checkpoint.py"}


def test_nothing_is_passed_on() -> None:
    """CR-094. sharing_by_default is absent: no other module can send anything, no address or command hands data on."""
    assert {name for name, tree in house_sources() if ways_out(tree)} == SIGNED_HEADS_ONLY
    assert ways_out(ast.parse("import csv\nfrom urllib import request")) == {"csv", "urllib.request"}
    words = ("export", "share", "webhook", "transmit", "forward to", "insurer")
    assert is_refused("export_to_employer", *words, rooms=("commands.export_ledger", "consent.queries.ledger_export"))
    assert values("sharing_by_default") == {"absent"}


def test_nobody_is_visited_or_reminded() -> None:
    """CR-095, CR-096. unasked_home_visit is absent; no message goes out (messages_per_appointment stays a bound)."""
    phrases = ("home visit", "visit at home", "reminder", "remind", "sms", "outreach", "campaign", "mass message")
    assert is_refused("home_visits_due", *phrases)
    assert is_refused("reminder_sent_at", *phrases)
    assert values("unasked_home_visit") == {"absent"}
    assert values("messages_per_appointment") == {2}


def test_no_page_counts_people() -> None:
    """CR-098. No page shows numbers about people.

    The bounds smallest_number_shown, rounded_to, shortest_period and numbers_by_clinician wait for the first that does.
    """
    phrases = (
        "statistic",
        "dashboard",
        "chart",
        "uptake",
        "indicator",
        "league",
        "monthly report",
        "total by",
        "count by",
    )
    assert is_refused("uptake_by_clinician", *phrases)
    assert values("numbers_by_clinician") == {"absent"}
    assert (values("smallest_number_shown"), values("rounded_to"), values("shortest_period")) == ({8}, {5}, {"quarter"})


# --------------------------------------------------------------------------------------------- a no, and taking back


def test_a_removal_cannot_be_denied() -> None:
    """CR-019. A wish for removal ends in two ways only, and neither is a no of the clinic."""
    assert {outcome.value for outcome in RemovalOutcome} == {"removed", "patient-keeps-it"}
    removal = [(path, name) for path, name in house_names() if "emoval" in path]
    assert len(removal) > 20, "the walk has gone blind"
    phrases = ("denied", "deny", "refused", "reject", "rejected", "declined", "reason given", "why wanted")
    assert speaking_of(removal, *phrases) == set()
    assert speaking_of([*removal, ("RemovalRequest.denied_at", "denied_at")], *phrases) == {"RemovalRequest.denied_at"}


def required_words(action: object) -> set[str]:
    """Arguments of an action that ask for a reason and have no default."""
    asked = signature(action).parameters.values()  # type: ignore[arg-type]
    return {one.name for one in asked if one.default is one.empty and set(words(one.name)) & {"reason", "why", "words"}}


def required_reasons() -> set[str]:
    """Fields of forms for a no that must be filled in and are about a reason."""
    for_a_no = [form for form in _below(forms.BaseForm) if _is_about_a_no(form)]
    assert for_a_no, "the walk has gone blind"
    return {
        f"{form.__name__}.{name}"
        for form in for_a_no
        for name, field in getattr(form, "base_fields", {}).items()
        if field.required and set(words(name)) & {"reason", "why", "words", "text", "note"}
    }


def _below(kind: type) -> set[type]:
    house_names()  # forms are known once their modules are loaded
    children: list[type] = type.__subclasses__(kind)
    return {kind}.union(*(_below(child) for child in children))


def _is_about_a_no(form: type) -> bool:
    is_ours = form.__module__.startswith("consent.forms")
    return is_ours and bool(set(words(form.__name__)) & {"no", "refuse", "withdraw", "back", "words", "removal"})


def test_no_reason_is_asked_for_a_no() -> None:
    """CR-083. reason_required is absent: saying no and taking back work without a word."""

    def refuse_with_reason(*, reason: str, words: str = "") -> None: ...

    assert required_words(refuse_consent) == required_words(withdraw_consent) == set()
    assert required_words(refuse_with_reason) == {"reason"}
    assert required_reasons() == set()
    assert Consent._meta.get_field("ended_words").blank
    assert values("reason_required") == {"absent"}


def coming_back(transitions: Iterable[tuple[ConsentState | None, ConsentState]]) -> set[tuple[str, str]]:
    """Steps from an ended consent to a live one."""
    ended = [(before, after) for before, after in transitions if before is not None and before in ENDED_STATES]
    return {(before.value, after.value) for before, after in ended if after in LIVE_STATES}


def test_what_was_taken_back_stays_so() -> None:
    """CR-086. reinstate_withdrawn is absent: no step leads from an ended consent to a live one."""
    steps = [(before, after) for (before, _act), after in TRANSITIONS.items()]
    assert coming_back(steps) == set()
    assert coming_back([*steps, (ConsentState.WITHDRAWN, ConsentState.GIVEN)]) == {("withdrawn", "given")}
    assert is_refused("reinstate_consent", "reinstate", "restore", "revive", "undo", "unwithdraw", "reactivate")
    assert values("reinstate_withdrawn") == {"absent"}


# ------------------------------------------------------------------------------------------------------- the record

TIME_FIELDS = (forms.DateTimeField, forms.TimeField, forms.SplitDateTimeField)


def typed_times(found: Iterable[type]) -> set[str]:
    return {
        f"{form.__name__}.{name}"
        for form in found
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, TIME_FIELDS)
    }


def test_nobody_types_the_time_of_a_decision() -> None:
    """CR-073. typed_time is absent. Only an emergency may be recorded late (late_entry_hours), and stays marked.

    What stands on a paper is typed as well; it is shown beside the server's time and decides nothing.
    """
    ours = {form for form in _below(forms.BaseForm) if form.__module__.startswith("consent.forms")}
    assert len(ours) > 10, "the walk has gone blind"
    assert typed_times(ours) <= {"EmergencyForm.time", "DeclareEmergencyForm.time", "PaperBackForm.time"}

    class Late(forms.Form):
        signed_at = forms.DateTimeField()

    assert typed_times([Late]) == {"Late.signed_at"}
    assert values("typed_time") == {"absent"}
    assert values("late_entry_hours") == {6} == values("emergency_entry_hours")


# Tables of the upper floor that are not evidence, and why.
NOT_EVIDENCE = {
    "TalkDraft": "what a clinician is still typing; emptied when the talk is recorded",
    "LedgerWaiting": "the queue of the sealer; the entry itself is evidence",
    "LedgerLease": "whose row lock says who is sealing",
    "WitnessedLog": "the newest head of another log; each statement is kept as a known checkpoint",
}


# Two people can erase a patient's personal data; tests/integration/erasure holds that evidence stays.
OF_PERSONAL_DATA_ONLY = (
    "clinic.vocabulary.Permission.ERASE_PATIENT",
    "commands.erase_subject",
    "consent.actions.erase_subject",
    "consent.actions.erasure_steps",
    "consent.keys",
)


def unguarded(labels: Iterable[str], guarded: set[str]) -> set[str]:
    return {label for label in labels if label not in guarded}


def test_evidence_is_guarded() -> None:
    """CR-074, CR-101. append_only and evidence_kept: the database itself refuses to change or lose evidence."""
    guarded = {model.__name__ for model, _ in guarded_models()}
    tables = {model.__name__ for model in apps.get_app_config("consent").get_models()}
    assert unguarded(tables, guarded) == set(NOT_EVIDENCE)
    assert unguarded({*tables, "Rumour"}, guarded) == {*NOT_EVIDENCE, "Rumour"}
    phrases = ("erase", "purge", "wipe", "remove consent", "anonymise", "destroy")
    assert is_refused("purge_consents", *phrases, rooms=OF_PERSONAL_DATA_ONLY)
    assert values("append_only") == values("evidence_kept") == {True}


def test_every_test_here_names_its_rules_and_plants_an_example() -> None:
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    for test in tests[:-1]:
        assert "CR-" in (ast.get_docstring(test) or ""), test.name

"""Does the database guard the evidence (CR-074), and can the rules be trusted? Asked at the server's start.

`check` asks for the rules, `check --database` and `migrate` also for the guards and for what each site has tightened.
A missing guard is only a warning to the commands, because `migrate` is what puts it back; a rule file that cannot be
trusted is an error everywhere. The server refuses to start for either.
"""

import sys
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from clinic.checks import start_up_findings
from clinic.models import Site
from consent import guards, saves
from consent.exceptions import KeyStoreError
from consent.keys.subject_keys import store_findings
from consent.models import Ledger
from consent.queries.behind import mark_those_behind
from consent.queries.known_logs import file_findings
from consent.queries.policies import presets_of_sites
from consent.queries.seals import seal_findings, stamp_findings
from consent.queries.stamps import certificate_findings
from consent.rules.site_rules import folder_findings, shipped_findings, site_findings


def connect() -> None:
    """Register the checks of the upper floor."""
    register(check_rules)
    register(check_history)
    register(check_outside)
    register(check_keys, Tags.database)
    register(check_guards, Tags.database)
    register(check_rules_of_sites, Tags.database)
    register(check_high_water, Tags.database)
    register(check_seals, Tags.database)


def check_rules(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Definitions, presets, signals, words, and the names of the sites' files."""
    return [Error(sentence, id="consent.E001") for sentence in _rule_findings()]


def check_history(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Settings, apps and tables that would open a way past history."""
    return [Error(sentence, id="consent.E003") for sentence in saves.findings()]


def check_outside(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The files that say who outside counts: while one cannot be read, nobody in it does."""
    return [Warning(sentence, id="consent.W004") for sentence in (*file_findings(), *certificate_findings())]


def check_keys(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The keys outside the database: only a warning to the commands, because `make_keys` is what makes them."""
    return [Warning(sentence, id="consent.W002") for sentence in _key_findings() if databases]


def check_rules_of_sites(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What each site has tightened, against its own preset."""
    return [
        Error(sentence, id="consent.E002")
        for alias in databases or ()
        for sentence in _site_findings(connections[alias])
    ]


def check_guards(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The guards of each database that was asked about."""
    return [
        Warning(sentence, id="consent.W001")
        for alias in databases or ()
        for sentence in _guard_findings(connections[alias])
    ]


def refuse_start_without_guards() -> None:
    """End the start of the server, with one sentence, unless the database and the rules are as promised."""
    connection = connections[DEFAULT_DB_ALIAS]
    findings = start_up_findings() or _guard_findings(connection) or _rule_findings() or _site_findings(connection)
    findings = findings or list(saves.findings()) or _key_findings()
    if findings:
        sys.exit(f"Freely Given cannot start: {findings[0]}")
    for sentence in _high_water_findings(connection):
        print(f"Freely Given starts, but writes nothing: {sentence}", file=sys.stderr)  # noqa: T201  for the operator


def check_high_water(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Whether the database is older than what was signed."""
    return [
        Warning(sentence, id="consent.W003")
        for alias in databases or ()
        for sentence in _high_water_findings(connections[alias])
    ]


def check_seals(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What the clinics seal their papers with: without it a paper is handed over all the same, and says so."""
    return [
        Warning(sentence, id="consent.W005")
        for alias in databases or ()
        for sentence in _seal_findings(connections[alias])
    ]


def _seal_findings(connection: BaseDatabaseWrapper) -> list[str]:
    if Site._meta.db_table not in connection.introspection.table_names():
        return []
    return [*seal_findings(), *stamp_findings()]


def _high_water_findings(connection: BaseDatabaseWrapper) -> list[str]:
    """Closes the logs that are behind, and says which."""
    if Ledger._meta.db_table not in connection.introspection.table_names():
        return []
    try:
        return [
            f"{ledger.origin} holds {behind.held_size} entries, but {behind.known_size} were signed; check on paper"
            " first, then run manage.py ledger_continue."
            for ledger, behind in mark_those_behind()
        ]
    except KeyStoreError as error:
        return [f"the high-water file cannot be used: {error}"]


def _guard_findings(connection: BaseDatabaseWrapper) -> list[str]:
    return [*_missing_findings(connection), *_unknown_findings(connection)]


def _unknown_findings(connection: BaseDatabaseWrapper) -> list[str]:
    return [
        f"a trigger that is none of ours stands on a table of evidence: {name}; find out who put it there, remove it as"
        " the owner of the database, then run manage.py verify_ledger."
        for name in guards.unknown(connection)
    ]


def _missing_findings(connection: BaseDatabaseWrapper) -> list[str]:
    absent = guards.missing(connection)
    if not absent:
        return []
    names = ", ".join(absent[:3]) + (f" and {len(absent) - 3} more" if len(absent) > 3 else "")
    return [
        f"evidence is not guarded by the database: {names}; run manage.py migrate, which installs the guards"
        " again, then manage.py verify_ledger."
    ]


def _rule_findings() -> list[str]:
    problems = [*shipped_findings(), *folder_findings(settings.FREELY_GIVEN_SITE_RULES)]
    return [f"the rules cannot be trusted: {problem}." for problem in problems]


def _site_findings(connection: BaseDatabaseWrapper) -> list[str]:
    if settings.FREELY_GIVEN_SITE_RULES is None or "clinic_site" not in connection.introspection.table_names():
        return []
    problems = site_findings(settings.FREELY_GIVEN_SITE_RULES, presets_of_sites(using=connection.alias))
    return [f"the rules of a site cannot be trusted: {problem}." for problem in problems]


def _key_findings() -> list[str]:
    return store_findings() if settings.PROFILE == "production" else []

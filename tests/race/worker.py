"""One side of the race, in a process of its own. Reads commands on standard input, answers one JSON line each.

    python -m tests.race.worker prepare ROUNDS    make a clinic and that many consents that are ready to start
    python -m tests.race.worker withdraw|start    then, per line read (`<id> <microseconds to wait>`), post once
    python -m tests.race.worker judge             print what the database says afterwards

With RACE_WITHOUT_LOCK=1 the row locks on procedure and consent (and SQLite's immediate transactions) are taken out,
to show that the test would notice.
"""

import io
import json
import logging
import os
import sys
import time
from typing import Any

import django
from django.db import connection, models


def take_out_the_lock() -> None:
    """Undo the one agreed row lock; the ledger keeps its own."""
    locked = models.QuerySet.select_for_update

    def unlocked(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.model.__name__ in {"Procedure", "Consent"}:
            return self
        return locked(self, *args, **kwargs)

    models.QuerySet.select_for_update = unlocked  # type: ignore[method-assign]
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"


def say(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def prepare(rounds: int) -> None:
    from django.core.management import call_command

    from consent.ledger_store import seal_all
    from consent.models import Ledger
    from tests.factories import House

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("make_keys", stdout=io.StringIO())
    house = House()
    rows = []
    for _ in range(rounds):
        consent = house.ready()
        rows.append({"consent": str(consent.pk), "procedure": str(consent.procedure_id)})
    for ledger in Ledger.objects.all():
        seal_all(ledger.pk)
    say({"operator": house.midwife.account.username, "rows": rows})


def patient_client(consent_id: str) -> Any:
    """A browser in which this patient has signed in with her card."""
    from django.test import Client

    from consent.models import Consent
    from tests.signing_in import sign_in_patient

    client = Client(raise_request_exception=False)
    sign_in_patient(client, Consent.objects.get(pk=consent_id).patient)
    return client


def race(side: str, config: dict[str, Any]) -> None:
    from django.test import Client

    from clinic.models import Account
    from tests.signing_in import sign_in_staff

    operator = Client(raise_request_exception=False)
    sign_in_staff(operator, Account.objects.get(username=config["operator"]))
    clients = {row["consent"]: patient_client(row["consent"]) for row in config["rows"]} if side == "withdraw" else {}
    if os.environ.get("RACE_WITHOUT_LOCK") == "1":
        take_out_the_lock()
    say("ready")
    for line in sys.stdin:
        place, wait = (int(word) for word in line.split())
        row = config["rows"][place]
        until = time.perf_counter() + wait / 1_000_000
        while time.perf_counter() < until:
            pass
        if side == "withdraw":
            answer = clients[row["consent"]].post(f"/mine/{row['consent']}/take-back/", {"words": ""})
        else:
            answer = operator.post(f"/procedures/{row['procedure']}/start/")
        say({"status": answer.status_code})


def judge(config: dict[str, Any]) -> None:
    from consent.models import Consent, LedgerEntry, ProcedureStart
    from consent.queries.ledger import verify

    findings = [finding.sentence for finding in verify().findings]
    answers = []
    for row in config["rows"]:
        consent = Consent.objects.get(pk=row["consent"])
        index = {}
        detail = {}
        for entry in LedgerEntry.objects.filter(subject=consent.patient.ledger_subject).order_by("leaf__index"):
            index[entry.kind] = entry.index
            detail[entry.kind] = json.loads(bytes(entry.body)).get("detail", {})
        answers.append(
            {
                "state": consent.state,
                "started": ProcedureStart.objects.filter(consent=consent).exists(),
                "start_index": index.get("procedure.started"),
                "withdraw_index": index.get("consent.withdrawn"),
                "told_in_progress": detail.get("consent.withdrawn", {}).get("procedure_in_progress"),
            }
        )
    say({"rows": answers, "findings": findings})


def main() -> None:
    django.setup()
    logging.disable()  # without the lock faults are expected by the dozen; the judge names them
    command = sys.argv[1]
    if command == "prepare":
        prepare(int(sys.argv[2]))
        return
    config = json.loads(sys.stdin.readline())
    if command == "judge":
        judge(config)
    else:
        race(command, config)


if __name__ == "__main__":
    main()

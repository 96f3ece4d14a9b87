"""Runs one long course in a process of its own and prints what came of it as one line of JSON.

python -m tests.long.worker prepare
python -m tests.long.worker crashes RUNS SEED     random acts, killed or failing at a random step; then a restart
python -m tests.long.worker points                kill and failure at every single step of one act and its sealing
python -m tests.long.worker writers N ACTS KILLS  N writers at once, some of them killed
python -m tests.long.worker sealers ROUNDS        two sealers start at the same moment
python -m tests.long.worker full                  the disk is full (SQLite)
python -m tests.long.worker bits COUNT SEED       single bits of the SQLite file turned over, one at a time
python -m tests.long.worker look                  read everything once and say what the verifier says
python -m tests.long.worker dump FILE | load FILE
"""

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import django

Answer = dict[str, Any]


def main() -> None:
    django.setup()
    logging.disable()  # faults are expected by the thousand here
    from tests.long import clinic, courses, moving, raw_bits

    commands: dict[str, Callable[..., Answer]] = {
        "prepare": lambda: clinic.prepare() or {},
        "crashes": lambda runs, seed: courses.crashes(runs=int(runs), seed=int(seed)),
        "points": courses.points,
        "writers": lambda count, acts, kills: courses.writers(count=int(count), acts=int(acts), kills=int(kills)),
        "sealers": lambda rounds: courses.sealers(rounds=int(rounds)),
        "full": courses.full_disk,
        "bits": lambda count, seed: raw_bits.turn_bits(count=int(count), seed=int(seed)),
        "look": raw_bits.look,
        "dump": moving.dump,
        "load": moving.load,
    }
    answer = commands[sys.argv[1]](*sys.argv[2:])
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()

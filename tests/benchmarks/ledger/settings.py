"""The settings of the house, and the neighbours beside it."""

from clinic.config.settings import *  # noqa: F403  all of the house's settings, then ours
from clinic.config.settings import DATABASES, INSTALLED_APPS

_TRIGGERS = ["pgtrigger", "pghistory"] if DATABASES["default"]["ENGINE"].endswith("postgresql") else []
INSTALLED_APPS = [*INSTALLED_APPS, "auditlog", *_TRIGGERS, "tests.benchmarks.ledger.neighbours"]
AUDITLOG_DISABLE_ON_RAW_SAVE = True
PGTRIGGER_MIGRATIONS = False  # the neighbours' tables are made without migrations; triggers by `pgtrigger install`

"""What every test shares: the test profile of the settings and a data folder that vanishes.

A plugin (named in pyproject.toml), so that it is loaded before pytest-django reads the settings. It only fills what
the environment leaves open: `make test` sets DATABASE_URL to run the same tests on PostgreSQL. Factories stand in
tests/factories.py, fixtures beside the tests that use them. Markers are declared in pyproject.toml.
"""

import atexit
import gc
import os
import shutil
import tempfile

from hypothesis import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings")
os.environ.setdefault("PROFILE", "test")
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-that-protects-nothing-and-never-leaves-this-file")

# Worker processes of pytest-xdist inherit the folder from the process that made it, which alone removes it.
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="freely-given-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["DATA_DIR"] = os.path.join(os.environ["DATA_DIR"], worker)

# The static file server warns about a folder that is missing, and here warnings are errors.
os.makedirs(os.path.join(os.environ["DATA_DIR"], "static"), exist_ok=True)

# `make test` must say the same thing twice, so property tests draw the same examples each time; `make nightly` searches
# on with new ones (HYPOTHESIS_PROFILE=searching).
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("searching", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_sessionstart() -> None:
    """Acts append to the ledger, and entries need the keys."""
    from consent.keys.subject_keys import make_store

    make_store()


def pytest_collection_finish() -> None:
    """All that is loaded by now stays; looking through it again and again for garbage would be in vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)

"""Processes of our own: each with Django and one database, started once, told by a pipe what to do.

The parent never loads Django's models, so that one run can measure several databases. A process ends when its pipe
does, so nothing outlives the run.
"""

import importlib
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

SPAWN = multiprocessing.get_context("spawn")
SECONDS_TO_ANSWER = 1800
SECONDS_TO_END = 20


class WorkerFailedError(Exception):
    """A process ended, or failed, before it answered."""


class Worker:
    """One process. What it is asked are functions by their dotted path, as seen from this package."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._pipe, theirs = SPAWN.Pipe()
        with _environment(environment):
            self._process: BaseProcess = SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
        theirs.close()

    def ask(self, function: str, *arguments: Any) -> Any:
        self.send(function, *arguments)
        return self.hear()

    def send(self, function: str, *arguments: Any) -> None:
        self._pipe.send((function, arguments))

    def tell(self, word: str) -> None:
        """One word to a function that is running and listens to the pipe itself."""
        self._pipe.send(word)

    def hear(self) -> Any:
        if not self._pipe.poll(SECONDS_TO_ANSWER):
            raise WorkerFailedError(f"no answer within {SECONDS_TO_ANSWER} seconds")
        try:
            is_well, answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerFailedError("a process ended before it answered") from error
        if not is_well:
            raise WorkerFailedError(answer)
        return answer

    def close(self) -> None:
        self._pipe.close()
        self._process.join(SECONDS_TO_END)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


@contextmanager
def workers(environment: dict[str, str], number: int) -> Iterator[list[Worker]]:
    """So many processes on one database, all ended at the end."""
    started: list[Worker] = []
    try:
        for _ in range(number):
            started.append(Worker(environment))
        yield started
    finally:
        for worker in started:
            worker.close()


def in_own_process(environment: dict[str, str], function: str, *arguments: Any) -> Any:
    """One answer of one fresh process."""
    with workers(environment, 1) as (worker,):
        return worker.ask(function, *arguments)


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _serve(pipe: Connection) -> None:
    """The life of a process: load Django, then answer until the pipe is closed."""
    import django

    django.setup()
    while True:
        try:
            path, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = _find(path)(pipe, *arguments)
        except BaseException as error:  # noqa: BLE001  whatever it was, the parent prints it and stops the run
            import traceback

            pipe.send((False, "".join(traceback.format_exception(error))))
            return
        pipe.send((True, answer))


def _find(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(f".{module}", __package__), name)

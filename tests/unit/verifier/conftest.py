"""Fixtures of the tests of the stand-alone verifier."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.unit.verifier import small_log


@pytest.fixture(scope="session")
def verify() -> ModuleType:
    return small_log.verifier()


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture, verify: ModuleType) -> Callable[..., tuple[int, str]]:
    """Runs a command; texts and bytes become files, folders of files become folders."""

    def run(command: str, *things: object, policy: str, **options: object) -> tuple[int, str]:
        arguments = [command, *(put(tmp_path, each) for each in things), "--policy", put(tmp_path, policy)]
        for name, value in options.items():
            option = "--" + name.replace("_", "-")
            arguments += (
                [option] if value is True else [option, value if isinstance(value, int) else put(tmp_path, value)]
            )
        code = verify.main([str(each) for each in arguments])
        out, error = capsys.readouterr()
        assert error == ""
        assert "Traceback" not in out
        return code, out

    return run


def put(folder: Path, thing: object) -> Path | str:
    """A thing as a file of its own."""
    path = folder / f"thing-{len(list(folder.iterdir()))}"
    if isinstance(thing, dict):
        for name, data in thing.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
    elif isinstance(thing, Path):
        return thing
    else:
        path.write_bytes(thing if isinstance(thing, bytes) else str(thing).encode())
    return path

"""Whatever is handed in: an exit code, a reason, never a trace, and nothing accepted that says something else."""

import contextlib
import io
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.verifier.golden import FOLDER
from tests.unit.verifier.small_log import verifier

CASES = [
    ("receipt", "receipt.tlog-proof"),
    ("slip", "slip.txt"),
    ("promise", "promise.txt"),
    ("promise", "promise-slip.txt"),
    ("compare", "checkpoint.txt", "receipt.tlog-proof"),
    ("compare", "slip.txt", "export.zip"),
    ("export", "export.zip"),
]
LIKELY = [
    b"\n",
    b"\r\n",
    b"\n\n",
    b"9" * 5000,
    b"[" * 2000,
    b"{}",
    b"null",
    b"-0",
    b"1e5",
    "— ".encode(),
    b"\xff",
    b"\0",
]
EDIT = st.tuples(
    st.floats(0, 1),
    st.sampled_from([0, 0, 1, 1, 2, 44, 45, 10_000]),
    st.one_of(st.binary(max_size=9), st.sampled_from(LIKELY)),
)


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    """Bytes with a few places cut out and others put in."""
    for where, cut, more in edits:
        at = round(where * len(data))
        data = data[:at] + more + data[at + cut :]
    return data


def outcome(command: str, *files: bytes) -> tuple[int, str]:
    *things, policy = files
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
        names = []
        for number, data in enumerate((*things, policy)):
            path = Path(folder) / f"thing-{number}"
            path.write_bytes(data)
            names.append(str(path))
        code = verifier().main([command, *names[:-1], "--policy", names[-1]])
    return code, said.getvalue()


PROVEN = {
    case: outcome(case[0], *(FOLDER.joinpath(n).read_bytes() for n in (*case[1:], "policy.txt"))) for case in CASES
}


@given(case=st.sampled_from(CASES), spoilt=st.integers(0, 2), edits=st.lists(EDIT, min_size=1, max_size=3))
def test_edited_files_are_refused_or_say_what_they_said(case, spoilt, edits):
    command, *names = case
    files = [FOLDER.joinpath(name).read_bytes() for name in (*names, "policy.txt")]
    spoilt %= len(files)
    files[spoilt] = edited(files[spoilt], edits)
    code, said = outcome(command, *files)
    assert code in (0, 1, 2)
    assert "Traceback" not in said
    assert (code == 2) == said.startswith("CANNOT BE READ: ")
    if code == 0:
        assert said.splitlines()[0] == PROVEN[case][1].splitlines()[0]
        assert "anchored" in said.splitlines()[-1].lower()


@given(st.binary(max_size=400))
def test_any_bytes_at_all(data):
    policy = FOLDER.joinpath("policy.txt").read_bytes()
    for command in ("receipt", "slip", "promise", "export"):
        code, said = outcome(command, data, policy)
        assert (code, said.startswith("CANNOT BE READ: ")) == (2, True)

"""What an outsider needs to check a slip: the policy of this house's logs, and a verifier that knows nothing of us."""

import subprocess
import sys
from pathlib import Path

from consent.ledger.policy import Policy
from consent.queries.known_logs import known_logs

VERIFIER = Path(__file__).parents[1] / "consent" / "verifier" / "freely_given_verify.py"


def policy_file(folder: Path, policy: Policy | None = None) -> Path:
    """The policy as the verifier reads it."""
    path = folder / "policy.txt"
    path.write_text((policy or known_logs()).to_text(), encoding="utf-8")
    return path


def verifier(folder: Path, command: str, content: str | bytes, *options: str) -> "subprocess.CompletedProcess[str]":
    """The stand-alone verifier in a process of its own, isolated from everything of ours."""
    handed_in = folder / f"handed-in-{command}"
    handed_in.write_bytes(content.encode() if isinstance(content, str) else content)
    words = [sys.executable, "-I", str(VERIFIER), command, str(handed_in), "--policy", str(policy_file(folder))]
    return subprocess.run([*words, *options], capture_output=True, text=True, check=False, cwd=folder)

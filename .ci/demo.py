"""Serves a demonstration clinic on 127.0.0.1:8000 from the folder var/demo. Running it again keeps what is there.

Runs under the project's own environment, after `.ci/prepare.py runtime`. Everything it makes stays in var/demo; delete
that folder to begin afresh.
"""

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "var" / "demo"
HOST, PORT = "127.0.0.1", int(os.environ.get("DEMO_PORT", "8000"))
STEPS = (
    ("migrate", "--verbosity", "0"),
    ("createcachetable",),
    ("collectstatic", "--noinput", "--verbosity", "0"),
    ("seed_demo",),
)


def secret_key_file() -> Path:
    """The file with this demonstration's secret key, made at the first run and readable by its owner only."""
    path = DATA / "secret_key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path


def check_port_is_free() -> None:
    """Ends with a sentence when something else already serves on the port."""
    with socket.socket() as probe:
        if probe.connect_ex((HOST, PORT)) == 0:
            sys.exit(f"Something already serves on {HOST}:{PORT}. Stop it, or choose another port with DEMO_PORT.")


def main() -> None:
    check_port_is_free()
    DATA.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "PROFILE": "demonstration",
        "DATA_DIR": str(DATA),
        "SECRET_KEY_FILE": str(secret_key_file()),
        "DJANGO_SETTINGS_MODULE": "clinic.config.settings",
    }
    for step in STEPS:
        if subprocess.run([sys.executable, "manage.py", *step], cwd=ROOT, env=environment, check=False).returncode:
            sys.exit(f"The demonstration stopped at `manage.py {step[0]}`; what is wrong stands above.")
    sys.stdout.flush()
    server = ["gunicorn", "clinic.config.wsgi:application", "--bind", f"{HOST}:{PORT}", "--workers", "2"]
    os.chdir(ROOT)
    os.execve(  # noqa: S606  the server takes the place of this process, so that Ctrl+C reaches it
        sys.executable,
        [sys.executable, "-m", *server, "--worker-class", "gthread", "--threads", "4", "--no-control-socket"],
        environment,
    )


if __name__ == "__main__":
    main()

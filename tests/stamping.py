"""An authority for time stamps on this machine, made with openssl: a root, an authority below it, and an impostor."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.loopback import Reply

CONFIG = """
[ tsa ]
default_tsa = one
[ one ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/{name}.pem
signer_key = {folder}/{name}.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ authority ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ root ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
"""


def run(*command: str) -> None:
    subprocess.run(["openssl", *command], check=True, capture_output=True, timeout=60)


@dataclass(frozen=True)
class Stamper:
    """The folder with its keys; `authority` and `impostor` are both certified by the root."""

    folder: Path

    @classmethod
    def made_in(cls, folder: Path) -> "Stamper":
        one = cls(folder)
        one.config("authority")
        (folder / "serial").write_text("01\n")
        key = ("-newkey", "rsa:2048", "-nodes", "-config", str(folder / "authority.cnf"))
        one.request(key, "root", "/CN=Test Root", "-x509", "-days", "400", "-extensions", "root")
        for name in ("authority", "impostor"):
            one.config(name)
            one.request(key, name, f"/CN=Test {name}")
            one.certify(name)
        (folder / "pinned.pem").write_bytes(one.pem("authority") + one.pem("root"))
        return one

    def config(self, name: str) -> None:
        text = CONFIG.format(folder=self.folder, name=name)
        (self.folder / f"{name}.cnf").write_text(f"[ req ]\ndistinguished_name = dn\n[ dn ]\n{text}")

    def request(self, key: tuple[str, ...], name: str, subject: str, *more: str) -> None:
        out = self.folder / (f"{name}.pem" if more else f"{name}.csr")
        run("req", "-new", *key, "-keyout", str(self.folder / f"{name}.key"), "-out", str(out), "-subj", subject, *more)

    def certify(self, name: str) -> None:
        place = self.folder
        ends = ("-CAcreateserial", "-days", "399", "-extfile", str(place / f"{name}.cnf"), "-extensions", "authority")
        signing = ("-CA", str(place / "root.pem"), "-CAkey", str(place / "root.key"))
        run("x509", "-req", "-in", str(place / f"{name}.csr"), *signing, *ends, "-out", str(place / f"{name}.pem"))

    def pem(self, name: str) -> bytes:
        return (self.folder / f"{name}.pem").read_bytes()

    def stamp(self, query: bytes, *, by: str = "authority") -> bytes:
        """The answer to a query, by openssl itself."""
        asked, answered = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        config = ("-config", str(self.folder / f"{by}.cnf"), "-section", "one")
        run("ts", "-reply", *config, "-queryfile", str(asked), "-out", str(answered))
        return answered.read_bytes()

    def answer(self, path: str, query: bytes) -> Reply:
        return 200, {"Content-Type": "application/timestamp-reply"}, self.stamp(query)

    def is_right(self, token: bytes, text: str) -> bool:
        """What `openssl ts -verify` says of an answer that was kept."""
        kept, data = self.folder / "kept.tsr", self.folder / "data"
        kept.write_bytes(token)
        data.write_text(text, encoding="utf-8")
        trust = ("-CAfile", str(self.folder / "root.pem"), "-untrusted", str(self.folder / "authority.pem"))
        command = ["openssl", "ts", "-verify", "-data", str(data), "-in", str(kept), *trust]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode == 0 and "Verification: OK" in done.stdout + done.stderr

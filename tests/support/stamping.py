"""A timestamp authority of our own, made with the openssl program; where that is absent, its tests skip."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from disclosure_ledger.log import timestamp
from disclosure_ledger.log.timestamp import Authority

_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {cn}
O = Test
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[signer]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = {usage}
[tsa]
default_tsa = it
[it]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Stamper:
    """An authority: its root and signer, and responses over any text."""

    folder: Path

    @classmethod
    def made(cls, folder: Path, name: str = "A", usage: str = "critical,timeStamping") -> "Stamper":
        if shutil.which("openssl") is None:
            pytest.skip("no openssl program here")
        folder.mkdir(exist_ok=True)
        (folder / "c").write_text(_CONFIG.format(cn=f"Test TSA {name}", usage=usage))
        (folder / "root.cnf").write_text(_CONFIG.format(cn=f"Test root {name}", usage=usage))
        (folder / "serial").write_text("01\n")
        made = cls(folder)
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config")
        made._run(
            "req", "-x509", *curve, "root.cnf", "-extensions", "root", "-keyout", "rk", "-out", "r", "-days", "30"
        )
        made._run("req", "-new", *curve, "c", "-keyout", "k", "-out", "q")
        made._run(
            *("x509", "-req", "-in", "q", "-CA", "r", "-CAkey", "rk", "-set_serial", "0x1234"),
            *("-extfile", "c", "-extensions", "signer", "-days", "30", "-out", "s"),
        )
        return made

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def respond(self, request: bytes) -> bytes:
        """The response to a request in DER."""
        (self.folder / "request").write_bytes(request)
        self._run(
            *("ts", "-reply", "-config", "c", "-section", "it", "-queryfile", "request"),
            *("-signer", "s", "-inkey", "k", "-out", "response"),
        )
        return (self.folder / "response").read_bytes()

    def stamp(self, text: bytes) -> bytes:
        return self.respond(timestamp.request(text, nonce=7))

    def reissued(self, usage: str) -> Authority:
        """The same authority with a certificate of the same name, number and key, for another purpose."""
        (self.folder / "other.cnf").write_text(_CONFIG.format(cn="Test TSA", usage=usage))
        self._run(
            *("x509", "-req", "-in", "q", "-CA", "r", "-CAkey", "rk", "-set_serial", "0x1234"),
            *("-extfile", "other.cnf", "-extensions", "signer", "-days", "30", "-out", "s2"),
        )
        pem = (self.folder / "s2").read_bytes() + (self.folder / "r").read_bytes()
        return timestamp.authority(pem, name="reissued")

    @property
    def pem(self) -> bytes:
        return (self.folder / "s").read_bytes() + (self.folder / "r").read_bytes()

    def authority(self, name: str = "tsa.pem") -> Authority:
        return timestamp.authority(self.pem, name=name)

"""A real timestamp authority (`openssl ts`) stamps a checkpoint, and the stamp goes where the checkpoint goes."""

import json
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from command import Desk

if shutil.which("openssl") is None:
    pytest.skip("no openssl here: it plays the timestamp authority", allow_module_level=True)

CONFIG = """
[ tsa ]
default_tsa = main
[ main ]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
"""


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority: root, signer, and what openssl needs to answer."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "serial").write_text("01\n")
    (folder / "ts.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=Root.Example",
        "req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=Clock.Example",
        "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -out tsa.pem -days 30 -extfile ext",
    ):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    (folder / "authority.pem").write_bytes((folder / "root.pem").read_bytes() + (folder / "tsa.pem").read_bytes())
    return folder


def answer(tsa: Path, request: bytes) -> bytes:
    (tsa / "q").write_bytes(request)
    command = "ts -reply -config ts.cnf -section main -queryfile q -out a"
    subprocess.run(["openssl", *command.split()], cwd=tsa, check=True, capture_output=True)
    return (tsa / "a").read_bytes()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path).init()
    desk.ok("client", "add", "--client", "C-1", "--name", "Dana Example")
    desk.ok("seal")
    return desk


def test_a_checkpoint_is_stamped_by_files_and_travels_with_package_and_evidence(desk: Desk, tsa: Path) -> None:
    desk.ok("timestamp", "add", "--request", "q")
    (desk.folder / "a").write_bytes(answer(tsa, (desk.folder / "q").read_bytes()))
    desk.ok("timestamp", "add", "--answer", "a", "--tsa", str(tsa / "authority.pem"))
    desk.ok("export", "audit", "audit.zip")
    done = desk("verify", "audit.zip", "--key", "disclosures.vkey", "--tsa", str(tsa / "authority.pem"), "--json")
    assert done.json["outcome"] == "verified", done.json["findings"]
    assert desk("verify", "audit.zip", "--key", "disclosures.vkey").exit == 4, "an authority that nobody trusts is none"
    desk.ok("accounting", "--client", "C-1", "--evidence", "proof")
    assert len(json.loads((desk.folder / "proof").read_text())["timestamps"]) == 1


def test_an_answer_about_something_else_or_by_another_is_not_kept(desk: Desk, tsa: Path) -> None:
    desk.ok("timestamp", "add", "--request", "q")
    good = answer(tsa, (desk.folder / "q").read_bytes())
    for name, data in (("cut", good[:-3]), ("flipped", good[:-9] + bytes([good[-9] ^ 1]) + good[-8:]), ("none", b"")):
        (desk.folder / name).write_bytes(data)
        done = desk("timestamp", "add", "--answer", name, "--tsa", str(tsa / "authority.pem"))
        assert done.exit == 1, (name, done)
    other = Desk(desk.folder / "other")
    other.folder.mkdir()
    other.init().ok("timestamp", "add", "--request", "q")
    (desk.folder / "foreign").write_bytes(answer(tsa, (other.folder / "q").read_bytes()))
    done = desk("timestamp", "add", "--answer", "foreign", "--tsa", str(tsa / "authority.pem"))
    assert done.exit == 1
    assert "no checkpoint of this ledger" in done.err
    assert not (desk.folder / "disclosures.timestamps").exists()


def test_an_authority_is_asked_over_the_network(desk: Desk, tsa: Path) -> None:
    class Clock(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer(tsa, body))

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Clock) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        done = desk.ok("timestamp", "add", "--url", url, "--tsa", str(tsa / "authority.pem"))
        server.shutdown()
    assert "3 entries is timestamped" in done.out
    assert desk("timestamp", "add", "--url", url, "--tsa", str(tsa / "authority.pem")).exit == 1
    assert desk("timestamp", "add", "--url", "file:///etc/passwd", "--tsa", str(tsa / "authority.pem")).exit == 1

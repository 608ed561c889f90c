"""Timestamps: the published responses, a pinned signer, the token's own time, and bytes of all kinds."""

import datetime as dt
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_ledger.errors import DisclosureLedgerError, Malformed, ProofFailed, Refused
from disclosure_ledger.log import timestamp
from disclosure_ledger.log.findings import Findings
from disclosure_ledger.log.timestamp import Authority, UnknownAuthority
from locate import vectors
from stamping import Stamper

rfc3161 = pytest.importorskip("rfc3161_client", reason="the extra `timestamps` is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")

TEXT = b"oakstreet.example/disclosures\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"


def published(name: str) -> bytes:
    return (vectors() / "rfc3161" / name).read_bytes()


def chain(folder: str) -> Authority:
    return timestamp.authority(published(f"{folder}/ts_chain.pem"), name=folder)


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    return Stamper.made(tmp_path_factory.mktemp("a"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    return Stamper.made(tmp_path_factory.mktemp("b"), "B")


@pytest.mark.parametrize("name", ["response-sha256.tsr", "response-no-embedded-cert.tsr"])
def test_a_published_response_verifies_under_its_authority(name: str) -> None:
    found = timestamp.verify(published(f"sigstage/{name}"), b"hello", [chain("sigstage")])
    assert found.tzinfo is dt.UTC
    assert found.year == 2025


def test_a_certificate_that_has_expired_since_was_good_at_the_tokens_time() -> None:
    payload = published("sigstore.mock/payload")
    found = timestamp.verify(published("sigstore.mock/response-expired.tsr"), payload, [chain("sigstore.mock")])
    assert found == dt.datetime(2023, 2, 1, tzinfo=dt.UTC)


def test_a_changed_signature_is_refused() -> None:
    with pytest.raises(ProofFailed, match="does not verify"):
        timestamp.verify(published("sigstage/response-invalid-signature.tsr"), b"hello", [chain("sigstage")])


@pytest.mark.parametrize(
    "name", ["sigstage/response-sha384.tsr", "sigstage/response-sha512.tsr", "test_tsa/response.tsr"]
)
def test_another_hash_than_sha256_is_refused(name: str) -> None:
    with pytest.raises(ProofFailed, match="over SHA-256"):
        timestamp.verify(published(name), b"hello", [chain(name.split("/")[0])])


def test_a_response_over_another_text_is_refused() -> None:
    with pytest.raises(ProofFailed, match="something else"):
        timestamp.verify(published("sigstage/response-sha256.tsr"), b"hello\n", [chain("sigstage")])


def test_injected_certificates_do_not_make_a_response_somebody_elses() -> None:
    """The published response is signed by the true authority and carries two more certificates, one of them spoofed."""
    stamped = timestamp._decoded(published("test_tsa/response-injected-certs.tsr"))
    assert len(stamped.shown) == 3
    true = chain("test_tsa")
    spoofed = Authority(name="spoofed", roots=true.roots, intermediates=true.intermediates, signers=_spoofed(stamped))
    with pytest.raises(UnknownAuthority):
        timestamp._signer(stamped, [spoofed])
    trusted, signer = timestamp._signer(stamped, [spoofed, true])
    assert trusted is true
    timestamp._verify_signature(stamped, trusted, signer)


def _spoofed(stamped: timestamp._Stamped) -> tuple[bytes, ...]:
    return tuple(timestamp._der(one) for _, one in stamped.shown if "Spoofed" in one.subject.rfc4514_string())


def test_the_true_authority_is_not_the_other_one() -> None:
    response = published("sigstage/response-sha256.tsr")
    with pytest.raises(UnknownAuthority):
        timestamp.verify(response, b"hello", [chain("test_tsa"), chain("sigstore.mock")])
    with pytest.raises(UnknownAuthority):
        timestamp.verify(response, b"hello", [])


def test_a_response_of_ones_own_authority_verifies(stamper: Stamper) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=2)
    found = timestamp.verify(stamper.stamp(TEXT), TEXT, [stamper.authority()])
    assert before <= found <= dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)


def test_a_response_without_certificates_verifies_under_a_pinned_signer(stamper: Stamper) -> None:
    bare = stamped_bare(stamper)
    assert not timestamp._decoded(bare).shown
    assert timestamp.verify(bare, TEXT, [stamper.authority()]).tzinfo is dt.UTC


def stamped_bare(stamper: Stamper) -> bytes:
    """A response that carries no certificate: its request lacks `certReq`, the last three bytes."""
    asked = timestamp.request(TEXT, nonce=7)
    return stamper.respond(bytes((asked[0], asked[1] - 3)) + asked[2:-3])


def test_authority_a_does_not_pass_as_b(stamper: Stamper, other: Stamper) -> None:
    with pytest.raises(ProofFailed):  # both signers go by number 0x1234 of a root of another name, or of the same
        timestamp.verify(stamper.stamp(TEXT), TEXT, [_renamed(other, stamper)])
    with pytest.raises(UnknownAuthority):
        timestamp.verify(stamper.stamp(TEXT), TEXT, [other.authority()])


def _renamed(other: Stamper, like: Stamper) -> Authority:
    """An authority that pins the true signer's certificate under another root."""
    mine, theirs = like.authority(), other.authority()
    return Authority(name="x", roots=theirs.roots, intermediates=(), signers=mine.signers)


def test_a_pinned_signer_that_may_not_stamp_is_refused(stamper: Stamper) -> None:
    """Its certificate is of the same root, name, number and key, and lacks the purpose."""
    plain = stamper.reissued("critical,codeSigning")
    with pytest.raises(ProofFailed, match="does not verify"):
        timestamp.verify(stamped_bare(stamper), TEXT, [plain])
    with pytest.raises(ProofFailed, match="another certificate under the signer's name"):
        timestamp.verify(stamper.stamp(TEXT), TEXT, [plain])


@pytest.mark.parametrize("kept", ["s", "r"])
def test_an_authority_needs_its_root_and_what_it_signs_with(stamper: Stamper, kept: str) -> None:
    with pytest.raises(Malformed, match="root certificate, and the certificate"):
        timestamp.authority((stamper.folder / kept).read_bytes(), name="half")


@pytest.mark.parametrize(
    "pem", [b"", b"no certificates", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_what_is_no_certificate_is_no_authority(pem: bytes) -> None:
    with pytest.raises(Malformed):
        timestamp.authority(pem, name="x")


def test_a_request_is_the_published_form(stamper: Stamper) -> None:
    made = timestamp.request(TEXT, nonce=2**64 + 1)
    (stamper.folder / "asked").write_bytes(made)
    text = subprocess.run(
        ["openssl", "ts", "-query", "-in", "asked", "-text"], cwd=stamper.folder, check=True, capture_output=True
    ).stdout.decode()
    assert "Hash Algorithm: sha256" in text
    assert "Nonce: 0x010000000000000001" in text
    assert "Certificate required: yes" in text


@pytest.mark.parametrize("nonce", [0, -1, 2**160])
def test_a_nonce_is_positive_and_bounded(nonce: int) -> None:
    with pytest.raises(ValueError, match="nonce"):
        timestamp.request(TEXT, nonce=nonce)


@pytest.mark.parametrize("nonce", [1, 127, 128, 255, 256, 2**63, 2**160 - 1])
def test_every_nonce_comes_back(stamper: Stamper, nonce: int) -> None:
    response = stamper.respond(timestamp.request(TEXT, nonce=nonce))
    assert rfc3161.decode_timestamp_response(response).tst_info.nonce == nonce


def findings(response: bytes, text: bytes, *authorities: Authority) -> tuple[list[str], int | None]:
    found = Findings()
    time = timestamp.check("t", response, text, authorities, found)
    return [one.code for one in found.all()], time


def test_what_does_not_verify_fails_and_what_cannot_be_judged_is_incomplete(stamper: Stamper, other: Stamper) -> None:
    response = stamper.stamp(TEXT)
    codes, time = findings(response, TEXT, stamper.authority())
    assert (codes, time is not None) == ([], True)
    assert findings(response, TEXT) == (["10.authority"], None)
    assert findings(response, TEXT, other.authority()) == (["10.authority"], None)
    assert findings(response, b"else", stamper.authority()) == (["10.timestamp"], None)
    assert findings(response, b"else") == (["10.timestamp"], None)
    assert findings(b"", TEXT, stamper.authority()) == (["10.timestamp"], None)
    assert findings(bytes(timestamp.MOST_BYTES + 1), TEXT) == (["10.timestamp"], None)


def test_without_the_library_a_timestamp_cannot_be_judged(stamper: Stamper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    found = Findings()
    assert timestamp.check("t", stamper.stamp(TEXT), TEXT, [stamper.authority()], found) is None
    (one,) = found.all()
    assert (one.code, "pip install 'disclosure-ledger[timestamps]'" in one.found) == ("10.authority", True)
    with pytest.raises(Refused, match="not installed"):
        timestamp.verify(stamper.stamp(TEXT), TEXT, [stamper.authority()])


def test_a_response_that_was_not_granted_is_none(stamper: Stamper) -> None:
    response = bytearray(stamper.stamp(TEXT))
    place = response.index(bytes.fromhex("020100"))
    response[place + 2] = 2
    assert findings(bytes(response), TEXT, stamper.authority()) == (["10.timestamp"], None)


GOOD = published("sigstage/response-sha256.tsr") if (vectors() / "rfc3161").is_dir() else b""


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_bytes_make_it_raise_or_move_the_time(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOOD) - 1))
    made = bytearray(GOOD)
    made[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    try:
        found = timestamp.verify(bytes(made), b"hello", [chain("sigstage")])
    except DisclosureLedgerError:
        return
    assert found == dt.datetime(2025, 5, 9, 11, 58, 55, tzinfo=dt.UTC)


def _values(data: bytes, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """The DER values side by side there: tag, where each begins, where its content begins, where it ends."""
    found = []
    while start < end:
        size, head = data[start + 1], 2
        if size & 0x80:
            head += size & 0x7F
            size = int.from_bytes(data[start + 2 : start + head], "big")
        found.append((data[start], start, start + head, start + head + size))
        start += head + size
    return found


def _signed_attributes(data: bytes, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """What a signer signs beside the content (RFC 5652 section 5.3): three or more sequences that begin with an OID."""
    for tag, _, inner, after in _values(data, start, end):
        inside = _values(data, inner, after) if tag & 0x20 else []
        if tag == 0xA0 and len(inside) > 2 and all(one[0] == 0x30 and data[one[2]] == 0x06 for one in inside):
            return inside
        if inside and (found := _signed_attributes(data, inner, after)):
            return found
    return []


def test_signed_attributes_in_another_order_than_der_has_are_refused(stamper: Stamper) -> None:
    """Readers that sort them again before they verify would call such a token good; others would not."""
    response = stamper.stamp(TEXT)
    attributes = _signed_attributes(response, 0, len(response))
    parts = [response[one[1] : one[3]] for one in attributes]
    turned = response[: attributes[0][1]] + b"".join(reversed(parts)) + response[attributes[-1][3] :]
    assert len(turned) == len(response)
    assert timestamp.verify(response, TEXT, [stamper.authority()])
    for wrong in (turned, response + b"\x00"):
        with pytest.raises(Malformed):
            timestamp.verify(wrong, TEXT, [stamper.authority()])

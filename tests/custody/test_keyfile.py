"""The key file keeps its secrets, and says no to everything that is not it."""

import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure_ledger import canonical
from disclosure_ledger.custody import keyfile
from disclosure_ledger.custody.keyfile import Secrets
from disclosure_ledger.errors import (
    DisclosureLedgerError,
    KeysUnavailable,
    Malformed,
    UnknownVersion,
    WrongPassphrase,
)

ORIGIN = "oakstreet.example/disclosures"


def counted(label: str = "entropy"):
    """Bytes that look random and are the same in every run."""
    calls = iter(range(10**9))
    return lambda size: hashlib.shake_256(f"{label} {next(calls)}".encode()).digest(size)


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    return Secrets.generate(ORIGIN, counted())


@pytest.fixture(scope="module")
def sealed(secrets: Secrets) -> bytes:
    return keyfile.seal(secrets, "correct horse", counted("seal"))


def test_what_was_sealed_opens_with_its_passphrase(secrets: Secrets, sealed: bytes) -> None:
    assert keyfile.unseal(sealed, "correct horse") == secrets


def test_a_wrong_passphrase_opens_nothing(sealed: bytes) -> None:
    with pytest.raises(WrongPassphrase):
        keyfile.unseal(sealed, "correct horsf")


def test_a_passphrase_typed_in_another_unicode_form_opens(secrets: Secrets) -> None:
    data = keyfile.seal(secrets, "Zu\u0308rich", counted())
    assert keyfile.unseal(data, "Z\u00fcrich") == secrets


def test_no_secret_stands_in_the_file_or_in_a_representation(secrets: Secrets, sealed: bytes) -> None:
    for secret in (secrets.log_seed, secrets.mldsa_seed, secrets.vault_key, secrets.tag_key):
        assert secret not in sealed
        assert repr(secret) not in repr(secrets)


@pytest.mark.parametrize("name", ["kdf", "nonce", "origin", "sealed"])
def test_no_part_of_the_file_can_be_exchanged(sealed: bytes, secrets: Secrets, name: str) -> None:
    other = canonical.decode(
        keyfile.seal(Secrets.generate("other.example/log", counted("b")), "correct horse", counted("c"))
    )
    mixed = canonical.decode(sealed) | {name: other[name]}
    with pytest.raises(WrongPassphrase):
        keyfile.unseal(canonical.encode(mixed), "correct horse")


@pytest.mark.parametrize("cost", [2**14, 2**15 + 1, 2**21, 0, -1, "32768", True])
def test_weak_or_ruinous_scrypt_parameters_are_refused(sealed: bytes, cost: object) -> None:
    whole = canonical.decode(sealed)
    whole["kdf"]["n"] = cost
    with pytest.raises(Malformed):
        keyfile.unseal(canonical.encode(whole), "correct horse")


def test_a_later_version_is_said_to_be_one(sealed: bytes) -> None:
    whole = canonical.decode(sealed) | {"format": "disclosure-ledger/keys/v2"}
    with pytest.raises(UnknownVersion):
        keyfile.unseal(canonical.encode(whole), "correct horse")


@given(st.binary(max_size=400))
def test_rubbish_is_refused_and_never_anything_else(data: bytes) -> None:
    with pytest.raises(DisclosureLedgerError):
        keyfile.origin_of(data)


def test_saved_it_is_readable_by_its_owner_alone(tmp_path: Path, secrets: Secrets) -> None:
    path = tmp_path / "a.keys"
    keyfile.save(path, secrets, "word", counted())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keyfile.load(path, "word") == secrets
    assert keyfile.origin_of(keyfile.read(path)) == ORIGIN


def test_a_missing_file_and_a_foreign_one_are_told_apart_from_a_wrong_passphrase(tmp_path: Path) -> None:
    with pytest.raises(KeysUnavailable, match="no key file"):
        keyfile.load(tmp_path / "none.keys", "word")
    foreign = tmp_path / "photo.keys"
    foreign.write_bytes(b"\x89PNG\r\n")
    with pytest.raises(KeysUnavailable, match="is no key file"):
        keyfile.load(foreign, "word")


def test_a_recorder_that_the_file_does_not_hold_is_named(secrets: Secrets) -> None:
    with pytest.raises(KeysUnavailable, match="no recorder named locum"):
        secrets.recorder("locum")
    assert secrets.with_recorder("locum", bytes(32)).recorder("locum").name == f"{ORIGIN}/recorders/locum"

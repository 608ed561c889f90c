"""A witness's key file: opens under its passphrase alone, and holds one key."""

import json
from typing import Any

import pytest

from disclosure_ledger import canonical
from disclosure_ledger.custody import witnesskey
from disclosure_ledger.errors import Malformed, UnknownVersion, WrongPassphrase
from disclosure_ledger.log.note import COSIGNATURE

NAME, WORDS = "board.example/w", "four invented words here"


def counted(size: int) -> bytes:
    return bytes(range(size))


def made() -> tuple[witnesskey.CosignatureSigner, bytes]:
    return witnesskey.make(NAME, WORDS, counted)


def test_the_key_that_is_made_is_the_key_that_opens() -> None:
    signer, data = made()
    opened = witnesskey.unseal(data, WORDS)
    assert opened.key == signer.key
    assert (opened.key.kind, opened.key.name) == (COSIGNATURE, NAME)
    opened.key.verify(b"message", opened.sign(b"message"))


def test_the_seed_is_not_in_the_clear() -> None:
    signer, data = made()
    assert counted(32) not in data
    assert canonical.encode(["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="])[2:-2] not in data
    assert "_private" not in repr(signer)


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(WrongPassphrase):
        witnesskey.unseal(made()[1], "five")


def edited(**changed: Any) -> bytes:
    return canonical.encode({**json.loads(made()[1]), **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "other.example/w"},
        {"nonce": "AAAAAAAAAAAAAAAA"},
        {"sealed": "AAAA"},
        {"kdf": {**json.loads(made()[1])["kdf"], "salt": "AAAAAAAAAAAAAAAAAAAAAA=="}},
    ],
)
def test_no_part_can_be_exchanged(changed: dict[str, Any]) -> None:
    with pytest.raises(WrongPassphrase):
        witnesskey.unseal(edited(**changed), WORDS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        bytes(witnesskey.MOST_BYTES + 1),
        edited(more=1),
        edited(nonce="AAAA"),
        edited(sealed=5),
        edited(name=5),
        edited(kdf={**json.loads(made()[1])["kdf"], "n": 2**25}),
        edited(kdf={**json.loads(made()[1])["kdf"], "n": 1024}),
        edited(format="disclosure-ledger/keys/v1"),
    ],
)
def test_what_is_no_key_file_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        witnesskey.unseal(data, WORDS)


def test_a_later_version_is_not_known() -> None:
    with pytest.raises(UnknownVersion):
        witnesskey.unseal(edited(format="disclosure-ledger/witness-key/v2"), WORDS)

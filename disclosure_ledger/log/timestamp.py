"""Outside time: RFC 3161 timestamps over a checkpoint's text (docs/format.md sections 7 and 12, check 10).

What is stamped is the SHA-256 of the text without its signature lines, which may grow. A response counts only if it
is signed by the very certificate that the caller's authority is known to sign with: that some certificate under the
same root has signed says little, and extra certificates can be put into a response by anybody. Certificates are judged
at the token's own time, so a timestamp stays good after they expire.

The library behind this is an optional extra (`rfc3161-client`) and is loaded here alone, when a response is verified.

>>> request(b"a checkpoint's text\\n", nonce=255).hex()[:34]
'303d0201013031300d0609608648016503'
"""

import datetime as dt
import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from disclosure_ledger.errors import DisclosureLedgerError, Malformed, ProofFailed, Refused
from disclosure_ledger.log.findings import Findings
from disclosure_ledger.log.witnessing import seconds

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Name
    from rfc3161_client import TimeStampResponse

MOST_BYTES: Final = 200_000
"""A response holds a signature and a few certificates: some kilobytes."""
MOST_CERTIFICATES: Final = 100
"""Certificates of one authority: of years of yearly signing keys."""

_SHA256_OID: Final = "2.16.840.1.101.3.4.2.1"
_SHA256_DER: Final = bytes.fromhex("300d06096086480165030402010500")
"""AlgorithmIdentifier of SHA-256 with its NULL (RFC 5754 section 2)."""
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30
_TRUE: Final = bytes.fromhex("0101ff")


class UnknownAuthority(DisclosureLedgerError):
    """A timestamp that no trusted authority has signed: neither good nor bad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A timestamp authority that the caller trusts, by certificates in DER."""

    name: str
    """What to call it in a finding: a file's name."""
    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]
    signers: tuple[bytes, ...]
    """The certificates that it signs with: no other signer is this authority."""

    def __post_init__(self) -> None:
        if not self.roots or not self.signers:
            raise Malformed("expected an authority's root certificate, and the certificate that it signs with")


def authority(pem: bytes, *, name: str) -> Authority:
    """The authority that a PEM file of certificates describes: its roots, what is between, and what it signs with.

    Raises Malformed where the file is none, or lacks a root or the signing certificate.
    """
    from cryptography.x509 import load_pem_x509_certificates

    try:
        found = load_pem_x509_certificates(pem)
    except ValueError:
        raise Malformed("expected certificates in PEM") from None
    if len(found) > MOST_CERTIFICATES:
        raise Malformed(f"expected at most {MOST_CERTIFICATES} certificates")
    by_place: dict[str, list[bytes]] = {"root": [], "between": [], "signer": []}
    for one in found:
        by_place[_place(one)].append(_der(one))
    return Authority(
        name=name,
        roots=tuple(by_place["root"]),
        intermediates=tuple(by_place["between"]),
        signers=tuple(by_place["signer"]),
    )


def request(text: bytes, *, nonce: int) -> bytes:
    """The DER TimeStampReq for a checkpoint's text (RFC 3161 section 2.4.1); `nonce` is random and positive.

    It asks for the certificates too, so that the response can be verified by whoever has only the root.
    """
    if not 0 < nonce < 2**160:
        raise ValueError("expected a positive nonce of at most 20 bytes")
    imprint = _value(_SEQUENCE, _SHA256_DER + _value(_OCTETS, hashlib.sha256(text).digest()))
    return _value(_SEQUENCE, _number(1) + imprint + _number(nonce) + _TRUE)


def verify(response: bytes, text: bytes, authorities: Sequence[Authority]) -> dt.datetime:
    """Establish that a trusted authority stamped a checkpoint's text, and return when.

    Raises Malformed for what is no response, ProofFailed for one that is of something else or does not verify,
    UnknownAuthority for one that none of the authorities has signed, Refused where the library is not installed.
    """
    stamped = _decoded(response)
    if stamped.algorithm != _SHA256_OID:
        raise ProofFailed("expected a timestamp over SHA-256", found=stamped.algorithm)
    if stamped.imprint != (digest := hashlib.sha256(text).digest()):
        raise ProofFailed("the timestamp is of something else", expected=digest.hex(), found=stamped.imprint.hex())
    trusted, signer = _signer(stamped, authorities)
    _verify_signature(stamped, trusted, signer)
    return stamped.time


def expect_installed() -> None:
    """Refuse what needs a response to be read where the library for it is not installed. Raises Refused."""
    if importlib.util.find_spec("rfc3161_client") is None:
        hint = "pip install 'disclosure-ledger[timestamps]'"
        raise Refused("timestamps are read by rfc3161-client, which is not installed", hint=hint)


def check(where: str, response: bytes, text: bytes, authorities: Sequence[Authority], findings: Findings) -> int | None:
    """Check 10 of one response: its time in seconds since 1970 where it verifies, else a finding and None."""
    try:
        return seconds(verify(response, text, authorities))
    except UnknownAuthority as error:
        findings.add("10.authority", where, "a trusted timestamp authority", error.message)
    except Refused as error:
        findings.add("10.authority", where, "a trusted timestamp authority", f"{error.message}: {error.hint}")
    except ProofFailed as error:
        findings.add("10.timestamp", where, error.expected or error.message, error.found or "")
    except Malformed as error:
        findings.add("10.timestamp", where, "a response of RFC 3161", error.message)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stamped:
    """A response, granted and read. Nothing about it is established."""

    response: "TimeStampResponse"
    algorithm: str
    imprint: bytes
    time: dt.datetime
    named: "tuple[Name, int]"
    """Issuer and number of the certificate that has signed, as the response says."""
    shown: "tuple[tuple[tuple[Name, int], Certificate], ...]"
    """The certificates that came with it, by issuer and number."""


def _decoded(response: bytes) -> _Stamped:
    expect_installed()
    from rfc3161_client import decode_timestamp_response

    if len(response) > MOST_BYTES:
        raise Malformed(f"expected a response of at most {MOST_BYTES} bytes")
    try:
        found = decode_timestamp_response(response)
        return _read(found)
    except Malformed:
        raise
    except Exception:  # the decoders do not list what they raise at hostile bytes
        raise Malformed("expected a response in DER") from None


def _read(found: "TimeStampResponse") -> _Stamped:
    from cryptography.x509 import load_der_x509_certificate

    if found.status != 0:
        raise Malformed("expected a response that was granted")
    signers = found.signed_data.signer_infos
    if len(signers) != 1:
        raise Malformed(f"expected one signer, found {len(signers)}")
    (signer,) = signers
    return _Stamped(
        response=found,
        algorithm=found.tst_info.message_imprint.hash_algorithm.dotted_string,
        imprint=found.tst_info.message_imprint.message,
        time=found.tst_info.gen_time.astimezone(dt.UTC),
        named=(signer.issuer, signer.serial_number),
        shown=tuple((_named(one), one) for one in map(load_der_x509_certificate, found.signed_data.certificates)),
    )


def _signer(stamped: _Stamped, authorities: Sequence[Authority]) -> "tuple[Authority, Certificate]":
    """The authority whose signing certificate the response names; no other in it may go by the same name."""
    from cryptography.x509 import load_der_x509_certificate

    for trusted in authorities:
        for signer in map(load_der_x509_certificate, trusted.signers):
            if _named(signer) == stamped.named:
                if any(name == stamped.named and shown != signer for name, shown in stamped.shown):
                    raise ProofFailed("the response shows another certificate under the signer's name")
                return trusted, signer
    raise UnknownAuthority("signed by none of the authorities that are trusted")


def _named(one: "Certificate") -> "tuple[Name, int]":
    return one.issuer, one.serial_number


def _verify_signature(stamped: _Stamped, trusted: Authority, signer: "Certificate") -> None:
    from cryptography.x509 import load_der_x509_certificate
    from rfc3161_client import VerifierBuilder

    verifier = VerifierBuilder(
        tsa_certificate=signer,
        roots=[load_der_x509_certificate(der) for der in trusted.roots],
        intermediates=[load_der_x509_certificate(der) for der in trusted.intermediates],
    ).build()
    try:
        good = verifier.verify(stamped.response, stamped.imprint)
    except Exception:  # whatever it was, the signature did not verify
        good = False
    if good is not True:
        raise ProofFailed("the timestamp does not verify")


def _place(one: "Certificate") -> str:
    """Where a certificate stands: a root, between, or the signer at the end."""
    from cryptography.x509 import BasicConstraints, ExtensionNotFound

    try:
        is_ca = one.extensions.get_extension_for_class(BasicConstraints).value.ca
    except ExtensionNotFound:
        is_ca = False
    except ValueError:
        raise Malformed("expected certificates whose extensions can be read") from None
    if not is_ca:
        return "signer"
    return "root" if one.issuer == one.subject else "between"


def _der(one: "Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return one.public_bytes(Encoding.DER)


def _number(number: int) -> bytes:
    """A positive integer in DER: a zero byte before a first bit that is set."""
    return _value(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _value(tag: int, content: bytes) -> bytes:
    """A value in DER of less than 128 bytes."""
    return bytes((tag, len(content))) + content

"""The format's closed table: each kind, public or sealed, and its fields (docs/format.md sections 4 and 5).

Names only, no meaning. The number of a kind's fields is part of the format: it is written in every entry, and the
salts of a content are counted along it. A new kind or field means a new version.

>>> len(SEALED["disclosure"]), SEALED["hold_lifted"]
(31, ('client', 'note', 'recorded_by', 'ref'))
>>> PUBLIC["stream_map"]
('root', 'size', 'streams')
"""

from collections.abc import Mapping
from types import MappingProxyType

VERSION = 1
"""The `v` of every entry."""

FORMAT = "disclosure-ledger/v1"
"""The `format` that a genesis names."""

STREAM_BEGINS = "client"
"""A sealed kind that stands in a stream only as its first entry, and makes it an accounting stream."""

STREAM_FOLLOWS = frozenset({"disclosure", "correction"})
"""What may follow in a stream that begins so."""

PUBLIC: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "erasure": ("authority", "entries", "reason"),
        "genesis": ("format", "log_key", "log_key_mldsa", "practice", "recorder"),
        "log_key_rotated": ("log_key", "log_key_mldsa"),
        "recorder_added": ("recorder",),
        "recorder_revoked": ("recorder",),
        "stream_map": ("root", "size", "streams"),
    }
)
"""Each public kind and the members of its `public` object, ascending."""

_DISCLOSURE = (
    *("basis", "client_informed", "counted_as", "description", "disclosed_by", "disclosed_on"),
    *("discovered_on", "document_sha256", "evidence", "explanation", "fields", "findings", "matter", "method"),
    *("minimum_necessary", "overrides", "pages", "part2_basis", "protocol", "psychotherapy_notes", "purpose"),
    *("recipient", "reported_on", "service", "service_scope", "verified", "via_ehr"),
)

_AUTHORIZATION = (
    *("combined_with", "elements", "event_happened_on", "expires_on", "expires_when", "id", "information"),
    *("psychotherapy_notes", "purpose", "recipients", "sha256", "signed_on"),
)

_COMMON = ("client", "note", "recorded_by", "ref")


def _fields(*names: str) -> tuple[str, ...]:
    """The common fields and `names`, ascending."""
    return tuple(sorted({*_COMMON, *names}))


SEALED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accounting_extended": _fields("notified_on", "provide_by", "reason", "request"),
        "accounting_fee_notice": _fields("answer", "fee", "notified_on", "request"),
        "accounting_provided": _fields("document", "fee", "provided_on", "request", "sha256"),
        "accounting_request": _fields("from", "id", "received_on", "requested_on", "requester", "to"),
        "accounting_withdrawn": _fields("request", "withdrawn_on"),
        "authorization": _fields(*_AUTHORIZATION),
        "authorization_revoked": _fields("id", "received_on"),
        "client": _fields("address", "born_on", "communication", "died_on", "name", "representatives"),
        "correction": _fields(*_DISCLOSURE, "corrects", "reason", "retract"),
        "disclosure": _fields(*_DISCLOSURE),
        "hold": _fields("reason"),
        "hold_lifted": _fields(),
        "research_candidate": _fields("protocol"),
        "research_protocol": _fields("criteria", "description", "id", "information", "name", "researcher", "sponsor"),
        "restriction": _fields("effective_on", "id", "paid_on", "recipients", "services", "type"),
        "restriction_ended": _fields("ended_on", "how", "id"),
        "suspension": _fields("agency", "matter", "official", "stated_on", "statement", "through"),
        "suspension_lifted": _fields("agency", "lifted_on", "matter"),
    }
)
"""Each sealed kind and the fields of its content, ascending."""

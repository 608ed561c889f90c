"""Makes ledgers in memory, honest ones and others, for tests of what is said about them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from disclosure_ledger.canonical import encode
from disclosure_ledger.log import checkpoint, content, note, streams
from disclosure_ledger.log import entry as entries
from disclosure_ledger.log.checkpoint import Checkpoint, LogKeys
from disclosure_ledger.log.entry import Entry, Header, StreamLink
from disclosure_ledger.log.kinds import FORMAT, SEALED
from disclosure_ledger.log.merkle import EMPTY, Frontier, leaf_hash
from disclosure_ledger.log.note import ED25519, SignatureLine, VerifierKey
from disclosure_ledger.log.streams import StreamEnd
from golden_log import ORIGIN, SeedSigner, signer_from_seed, signers

TAG_KEY = bytes(range(32))
BEGIN = dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)


def tag_of(client: str, stream_class: str = "accounting") -> bytes:
    return streams.tag(TAG_KEY, stream_class, client)


def recorder(short: str) -> SeedSigner:
    """A recorder of the golden ledger, or an invented one."""
    if f"recorder-{short}" in signers():
        return signers()[f"recorder-{short}"]
    return signer_from_seed(f"{ORIGIN}/recorders/{short}", ED25519, short.encode().ljust(32, b"."))


@dataclass
class LogMaker:
    """A ledger that grows by one entry a call. `twist` changes each header before it is signed."""

    notes: list[bytes] = field(default_factory=list)
    made: list[Entry] = field(default_factory=list)
    ends: dict[bytes, StreamEnd] = field(default_factory=dict)
    frontier: Frontier = EMPTY
    frontiers: list[Frontier] = field(default_factory=lambda: [EMPTY])
    now: dt.datetime = BEGIN
    log: str = "log-1"

    @property
    def size(self) -> int:
        return len(self.notes)

    def header(self, kind: str, **members: Any) -> Header:
        previous = self.made[-1].leaf_hash if self.made else bytes(32)
        base = {"origin": ORIGIN, "index": self.size, "previous": previous, "recorded_at": self.now, "kind": kind}
        return Header(**{**base, **members})

    def put(self, made: Entry) -> Entry:
        """Take an entry whatever it says."""
        self.made.append(made)
        self.notes.append(made.raw)
        self.frontier = self.frontier.append(made.leaf_hash)
        self.frontiers.append(self.frontier)
        if (link := made.header.stream) is not None:
            self.ends[link.tag] = StreamEnd(tag=link.tag, length=link.position + 1, head=made.leaf_hash)
        self.now += dt.timedelta(seconds=60)
        return made

    def put_raw(self, raw: bytes) -> int:
        """Take what is no entry that can be read, and give its index."""
        unread = replace(self.made[-1] if self.made else story().made[0], raw=raw, leaf_hash=leaf_hash(raw))
        self.put(replace(unread, header=replace(unread.header, stream=None)))
        return self.size - 1

    def later_version(self) -> int:
        """Append an entry of version 2, and give its index."""
        text = encode({"index": self.size, "v": 2}) + b"\n"
        return self.put_raw(note.format(text, [note.line_by(recorder("owner"), text)]))

    def append(self, header: Header, by: SeedSigner | str = "owner") -> Entry:
        return self.put(entries.sign(header, recorder(by) if isinstance(by, str) else by))

    def public(self, kind: str, public: Mapping[str, Any], by: SeedSigner | str = "owner", **members: Any) -> Entry:
        return self.append(self.header(kind, public=public, **members), by)

    def genesis(self, by: str = "owner", **members: Any) -> Entry:
        log, mldsa = (signers()[role].key.vkey() for role in (self.log, f"{self.log}-mldsa"))
        public = {"format": FORMAT, "log_key": log, "log_key_mldsa": mldsa, "practice": "Oak Street Counseling"}
        return self.public("genesis", {**public, "recorder": recorder(by).key.vkey()}, by, **members)

    def add_recorder(self, short: str, by: SeedSigner | str = "owner") -> Entry:
        return self.public("recorder_added", {"recorder": recorder(short).key.vkey()}, by)

    def revoke(self, short: str, by: SeedSigner | str = "owner") -> Entry:
        return self.public("recorder_revoked", {"recorder": recorder(short).key.vkey()}, by)

    def rotate(self, to: str = "log-2", by: SeedSigner | str = "owner") -> bytes:
        """Rotate the log keys and give the handover."""
        log, mldsa = (signers()[role].key.vkey() for role in (to, f"{to}-mldsa"))
        self.public("log_key_rotated", {"log_key": log, "log_key_mldsa": mldsa}, by)
        handover = self.checkpoint()
        self.log = to
        return handover

    def link(self, client: str, stream_class: str = "accounting") -> StreamLink:
        tag = tag_of(client, stream_class)
        end = self.ends.get(tag)
        return StreamLink(tag=tag, position=end.length if end else 0, previous=end.head if end else None)

    def sealed(
        self,
        kind: str,
        client: str = "C-1001",
        *,
        stream_class: str | None = "accounting",
        by: SeedSigner | str = "owner",
        twist: Callable[[Header], Header] = lambda header: header,
    ) -> Entry:
        root = content.commit(kind, {"client": client}, self.size.to_bytes(32, "big"))
        stream = self.link(client, stream_class) if stream_class else None
        header = self.header(kind, content_root=root, content_fields=len(SEALED[kind]), stream=stream)
        return self.append(twist(header), by)

    def stream_map(self, ends: Mapping[bytes, StreamEnd] | None = None, **public: Any) -> Entry:
        held = list((self.ends if ends is None else ends).values())
        root = content.base64_of(streams.map_root(held))
        return self.public("stream_map", {"root": root, "size": self.size, "streams": len(held), **public})

    def erase(self, ranges: list[list[int]]) -> Entry:
        return self.public("erasure", {"authority": "records policy", "entries": ranges, "reason": "retention ended"})

    def checkpoint(self, size: int | None = None, *, log: str | None = None, mldsa: bool = True) -> bytes:
        """The checkpoint at a size, signed by the keys in force (or those named)."""
        size, log = self.size if size is None else size, log or self.log
        named = Checkpoint(origin=ORIGIN, size=size, root=self.frontiers[size].root())
        raw = checkpoint.sign(named, signers()[log])
        if not mldsa:
            return raw
        return checkpoint.add_mldsa(raw, signers()[f"{log}-mldsa"], int(self.time_at(size)))

    def time_at(self, size: int) -> float:
        return self.made[size - 1].header.recorded_at.timestamp() if size else 1

    def keys(self) -> LogKeys:
        return LogKeys(ed25519=signers()[self.log].key, mldsa=signers()[f"{self.log}-mldsa"].key)


def story() -> LogMaker:
    """Genesis, two clients, a second recorder, a record stream, entries without stream, two stream maps."""
    maker = LogMaker()
    maker.genesis()
    maker.sealed("client")
    maker.sealed("disclosure")
    maker.add_recorder("front-desk")
    maker.sealed("client", "C-1002", by="front-desk")
    maker.sealed("authorization", "C-1002", stream_class="record", by="front-desk")
    maker.stream_map()
    maker.sealed("disclosure", "C-1002", stream_class=None)
    maker.sealed("correction")
    maker.stream_map()
    return maker


def spoilt(raw: bytes, key: VerifierKey, place: int = -1) -> bytes:
    """The note with one bit changed in each signature of this key, in the byte at `place`."""

    def changed(line: SignatureLine) -> SignatureLine:
        blob = bytearray(line.signature)
        blob[place] ^= 1
        return replace(line, signature=bytes(blob))

    parsed = note.parse(raw)
    own = parsed.lines_of(key)
    return note.format(parsed.text, [changed(line) if line in own else line for line in parsed.signatures])


__all__ = ["BEGIN", "LogMaker", "recorder", "replace", "spoilt", "story", "tag_of"]

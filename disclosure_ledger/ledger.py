"""A practice's ledger: record, seal, account. Joins the towers, the keys and the database.

Everything that writes happens in one transaction under the ledger's lock, after the database was held against the
state file; the state file is written when the transaction has been committed.

    ledger = Ledger.open("disclosures.db", secrets=secrets, state_file=path, clock=clock, entropy=os.urandom)
    ledger.record(records.from_json({...}))
    ledger.seal()
"""

import contextlib
import datetime as dt
import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import package
from .errors import (
    InvalidImport,
    InvalidRecord,
    Refused,
)
from .hipaa import clearance, records
from .hipaa.accounting import Accounting, Practice
from .package import Opening
from .practice import drawing, foreseeing, judging, proving
from .practice.drawing import Asked
from .practice.foreseeing import Seen
from .practice.judging import Read
from .practice.recording import Recorded, Recording
from .practice.transaction import Transaction
from .practice.writable import Writable

MAX_ERRORS = 100
"""More errors than this help nobody; an import counts the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written of an audit package."""

    size: int
    """How many entries it covers."""
    added: int
    """How many files were written."""
    before: int | None = None
    """How many entries the package covered before; None where there was none."""
    withdrawn: int = 0
    """Openings that it holds no longer, because their entries were erased since."""


class Ledger(Writable):
    """An open ledger with its keys: what can be looked at (`Looking`), and all that a practice writes."""

    def record(self, record: records.Record, *, strict: bool = False) -> Recorded:
        """Record one thing that happened; `strict`: one that has not happened yet, and must not while a block stands.

        Raises InvalidRecord, or where strict Blocked; nothing is written then.
        """
        with self.writing() as one:
            made = self._recording(one, strict=strict).add(record)
            one.adding.finish()
        return made

    def record_all(
        self,
        numbered: Iterable[tuple[int, records.Record]],
        *,
        dry_run: bool = False,
        on_progress: Callable[[int], None] | None = None,
    ) -> tuple[Recorded, ...]:
        """Record many things, all or nothing. Raises InvalidImport with every error and its line.

        dry_run: write nothing, and say of each record what becomes of it, with its line and whether it is listed.
        """
        made: list[Recorded] = []
        with _without_collecting(), contextlib.suppress(_DryRun), self.writing() as one:
            recording = self._recording(one)
            errors: list[InvalidRecord] = []
            more = 0
            try:
                for line, record in numbered:
                    try:
                        done = recording.add(record)
                        made.append(self._tried(done, line, record) if dry_run else done)
                    except InvalidRecord as error:
                        more += len(errors) >= MAX_ERRORS
                        errors += [error.at_line(line)] if len(errors) < MAX_ERRORS else []
            except InvalidImport as error:
                errors += error.errors
                more += error.more
            if errors:
                errors.sort(key=lambda error: error.line or 0)
                raise InvalidImport(tuple(errors[:MAX_ERRORS]), more=more + len(errors[MAX_ERRORS:]))
            if dry_run:
                raise _DryRun
            one.adding.finish(on_progress=on_progress)
        return tuple(made)

    def _tried(self, done: Recorded, line: int, record: records.Record) -> Recorded:
        release = None if done.already else records.release_in(record)
        if release is None:
            return replace(done, line=line)
        return replace(done, line=line, listed=self._law.rules.lists(clearance.counted_as(release, done.findings)))

    def import_lines(
        self,
        lines: Iterable[bytes],
        read: Read,
        *,
        dry_run: bool = False,
        processes: int = 1,
        on_progress: Callable[[int], None] | None = None,
    ) -> tuple[Recorded, ...]:
        """Record what the lines of a file hold, as `record_all` does: the same bytes, at any number of processes.

        `read` is a reader such as `intake.from_jsonl.read`; other processes import it by its name. With `processes`
        over 1 a script that calls this does so under `if __name__ == "__main__":`, because each process that is
        started imports the script again (multiprocessing, start method spawn).
        """
        kept = list(lines)
        if processes > 1 and len(kept) >= judging.WORTH_A_PROCESS and not dry_run:
            seen = foreseeing.foresee(kept)
            if seen is not None and any(one.apart for one in seen):
                with contextlib.suppress(judging.NotForeseen):
                    return self._import_seen(seen, read, processes, on_progress)
        return self.record_all(read(kept), dry_run=dry_run, on_progress=on_progress)

    def _import_seen(
        self, seen: Sequence[Seen], read: Read, processes: int, on_progress: Callable[[int], None] | None
    ) -> tuple[Recorded, ...]:
        """Let other processes judge what can be judged apart. Raises NotForeseen, with nothing written."""
        with _without_collecting(), self.writing() as one:
            today = self._today()
            recording = self._recording(one, today=today)
            tags = {one.ref: self._tags("ref", one.ref) for one in seen if one.ref is not None}
            known = one.into.known_refs(list(tags.values()))
            made = [self._plan(recording, line, read, tags.get(line.ref or "") in known) for line in seen]
            with judging.judges(self._bench(read, today), processes) as judge:
                one.adding.finish(judge=judge, on_progress=on_progress)
            found = one.adding.findings
            return tuple(replace(each, findings=found[each.index]) if each.index in found else each for each in made)

    def _bench(self, read: Read, today: dt.date) -> judging.Bench:
        law = self._law
        return judging.Bench(
            origin=self._secrets.origin, by=self._by, today=today, facts=law.facts, overlay=law.overlay, read=read
        )

    def _plan(self, recording: Recording, line: Seen, read: Read, is_known: bool) -> Recorded:
        if line.apart and line.client is not None and not is_known:
            return recording.foresee(line.raw, line.client, line.ref)
        try:
            ((_, record),) = read([line.raw])
            return recording.add(record)
        except (InvalidRecord, InvalidImport, ValueError):
            raise judging.NotForeseen from None

    def _recording(self, one: Transaction, *, strict: bool = False, today: dt.date | None = None) -> Recording:
        return Recording(
            one.adding,
            one.into,
            one.opener,
            tags=self._tags,
            by=self._by,
            today=today or self._today(),
            law=self._law,
            strict=strict,
        )

    def seal(self) -> int | None:
        """Write down where every stream stands, unless nothing has happened since; the entry's number."""
        with self.writing() as one:
            return one.map()

    def checkpoint(self) -> bytes:
        """The signed checkpoint of the ledger as it stands, with both lines, as it leaves the practice."""
        with self.writing() as one:
            return one.leaving()

    # -- what leaves the practice

    def account(
        self, asked: Asked, *, practice: Practice, render: Callable[[Accounting, bytes | None], bytes]
    ) -> tuple[Accounting, bytes, bytes | None]:
        """Draw an accounting: it, the document made of it and its evidence, and the evidence.

        The evidence is None where no verifier could use it: longer than `evidence.MOST_BYTES`, or of a list that the
        format of evidence cannot say.

        The stream map that covers it is appended; for a request, then the document itself (164.528(d)). Raises
        NotFound, or Refused: then nothing is written.
        """
        with _without_collecting(), self.writing() as one:
            made = drawing.draw(
                one,
                asked,
                practice=practice,
                law=self._law,
                tags=self._tags,
                timestamps=self.timestamps(),
                render=render,
            )
        if (provided := made.provided()) is not None:
            self.record(provided)
        return made.accounting, made.document, made.evidence

    def timestamps(self) -> dict[int, bytes]:
        """The authorities' answers that are kept beside the key file, by the size of the checkpoint they are about."""
        folder = self._timestamps
        files = folder.glob("*.tsr") if folder is not None and folder.is_dir() else ()
        return {int(path.stem): path.read_bytes() for path in sorted(files) if path.stem.isdecimal()}

    def receipt(self, index: int) -> bytes:
        """The receipt of an entry, under a checkpoint made for the world outside. Raises NotFound."""
        with self.writing() as one:
            one.into.stored(index)
            return proving.receipt_of(one.into, one.opener, index, one.leaving(), one.stands().size)

    def open_fields(self, place: int | str, names: Collection[str]) -> Opening:
        """Some fields of one entry, provable without the rest. Raises NotFound, Refused."""
        return proving.opening_of(self.show(place), names)

    def export(self, target: Path, openings: Sequence[Opening] = ()) -> Exported:
        """Write an audit package of the ledger as it stands now; where a folder holds an earlier one, add to it.

        Raises Refused where something else is there, or where an opening is of an erased entry; Contradicted where the
        earlier package is of a larger ledger or another history.
        """
        before = package.earlier(target) if package.is_folder(target) else None
        with self.writing() as one:
            if before is not None:
                proving.expect_grown_from(one.into, before, str(target))
            checkpoint, size = one.leaving(), one.stands().size
        with self.reading() as (reading, _):  # writers go on meanwhile
            stamps = {at: stamp for at, stamp in self.timestamps().items() if at <= size}
            if len(proving.shown_still(reading, openings)) < len(openings):
                raise Refused("an opening shows an entry that was erased since", hint="make the openings again")
            if before is None:
                made = proving.package_of(reading, checkpoint, size, openings, stamps)
                return Exported(size=size, added=package.write(target, made))
            kept = proving.shown_still(reading, before.openings)
            shown = package.joined(kept, openings)
            note = before.checkpoint.raw if before.has_all_of(checkpoint) else checkpoint
            made = proving.package_of(reading, note, size, shown, stamps, before.full)
            added = package.add(target, before, made)
        return Exported(size=size, added=added, before=before.size, withdrawn=len(before.openings) - len(kept))


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the garbage collector from walking, again and again, what an import or an accounting holds till the end."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _DryRun(Exception):
    """Rolls a rehearsed import back."""

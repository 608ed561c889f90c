"""Every error this library raises on purpose.

    DisclosureLedgerError
    ├── Malformed            bytes or text are not in the format's one spelling
    │   └── UnknownVersion   well formed as far as can be told, but of a version this release does not know
    ├── ProofFailed          a signature, proof, link or opening does not hold
    ├── InvalidRecord        what somebody wants to record cannot be recorded: names line and field
    ├── InvalidImport        the same for many records at once: nothing was written
    ├── Refused              the request is understood and may not be granted
    │   └── Blocked          clearance found a block, and the caller asked for strictness
    ├── NotFound             no entry, client or request of that name
    ├── KeysUnavailable      a key file, state file or key that is needed is not there, or not usable
    │   └── WrongPassphrase  the key file is there, and the passphrase does not open it
    └── LedgerUnavailable    the ledger itself cannot be used
        ├── NoLedger         nothing there, or not one of ours
        ├── Locked           another writer holds it
        ├── Contradicted     it contradicts what is remembered outside it: restored or rolled back
        └── StorageFailed    disk full, read-only, gone: what was acknowledged before is safe

A bad question is not a bad answer: the first two are about what somebody else made, and a verifier turns
them into findings; the others are about what the caller asked for. No message holds a client's data: it names
a place (an entry, a line, a field), what was expected, and at most how what came differs in form.
"""


class DisclosureLedgerError(Exception):
    """The root of the tree. `hint`, where given, is the next step for a person, on a line of its own."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Malformed(DisclosureLedgerError):
    """Bytes or text that do not follow the format."""


class UnknownVersion(Malformed):
    """A part that announces a version which this release does not know: neither good nor bad."""


class ProofFailed(DisclosureLedgerError):
    """A signature, proof, link or opening that does not hold. `expected` and `found` are printable."""

    def __init__(self, message: str, *, expected: str | None = None, found: str | None = None) -> None:
        super().__init__(message)
        self.expected = expected
        self.found = found


class InvalidRecord(DisclosureLedgerError):
    """A record that may not be recorded. `field` is a path such as `recipient.name`; `line` counts from 1.

    `column` is what a person calls the place in a table that the field came from. A field that was given by a
    flag of the command line is called by the flag, `--on`.
    """

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        line: int | None = None,
        column: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.field = field
        self.line = line
        self.column = column

    def at_line(self, line: int) -> "InvalidRecord":
        """The same error, placed at a line of a file."""
        return InvalidRecord(self.message, field=self.field, line=line, column=self.column, hint=self.hint)

    def at_column(self, column: str | None) -> "InvalidRecord":
        """The same error, placed at a column of a table."""
        return InvalidRecord(self.message, field=self.field, line=self.line, column=column, hint=self.hint)

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line is not None else []
        place += [self.column] if self.column is not None else []
        if self.field is not None:
            place.append(self.field if self.field.startswith("--") else f"field {self.field}")
        return f"{', '.join(place)}: {self.message}" if place else self.message


class InvalidImport(DisclosureLedgerError):
    """Records of a file that cannot be recorded: nothing of the file was written.

    `errors` has each with its line, up to a number that a person can read; `more` counts those beyond it.
    """

    def __init__(self, errors: tuple[InvalidRecord, ...], *, more: int = 0) -> None:
        count = len(errors) + more
        super().__init__(f"{count} error{'s' if count != 1 else ''} in what was to be recorded; nothing was written")
        self.errors = errors
        self.more = more


class Refused(DisclosureLedgerError):
    """A request that the law or the ledger's own rules do not allow."""


class Blocked(Refused):
    """Clearance found a block. `findings` are the ids, such as `AUTH-3`."""

    def __init__(self, message: str, *, findings: tuple[str, ...], hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.findings = findings


class NotFound(DisclosureLedgerError):
    """No entry, client, request or file of that name."""


class KeysUnavailable(DisclosureLedgerError):
    """A key file, state file or key that is needed is missing or cannot be used."""


class WrongPassphrase(KeysUnavailable):
    """The passphrase does not open the key file."""


class LedgerUnavailable(DisclosureLedgerError):
    """The ledger cannot be used."""


class NoLedger(LedgerUnavailable):
    """Nothing is there, or it is not a ledger of ours."""


class Locked(LedgerUnavailable):
    """Another writer holds the ledger and did not let go within the time limit."""


class Contradicted(LedgerUnavailable):
    """The ledger contradicts a memory kept outside it. Nothing may be written."""


class StorageFailed(LedgerUnavailable):
    """The database cannot be written or read: disk full, read-only, gone."""

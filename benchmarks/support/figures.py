"""The figures: what is timed, against what, how near it is meant to come, and what bounds it now.

`bound` is written by hand and kept here, so that generating docs/performance.md again keeps it.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure."""

    title: str
    limit: str
    """What it is held against, in the same rounds."""
    aim: float | None = None
    """The ratio that is aimed at: met where it is not larger. None: told, and not judged."""
    bound: str


READING: Final = """\
Each figure is a ratio: how long ours takes, divided by how long the least of the work takes that no ledger of this
design can do without. Both are timed in turn, round by round, in one run, so that whatever else the machine does
weighs on both; what stands here is the median of the rounds' ratios, and beside it between what the middle half of
them lies. No absolute time is an aim. `make bench` measures and writes this page again;
`DISCLOSURE_LEDGER_BENCH=full make bench` does it at full size, which takes hours on two cores."""
"""How to read the page; its first paragraph."""

FIGURES: Final = {
    "append": Figure(
        title="One durable append",
        limit="one commit of as many bytes to a bare table of the same database, and one Ed25519 signature",
        aim=2.0,
        bound="""\
Where the disk is quick it is the processor's work that bounds it, one to two milliseconds: two fifths of it make the
entry and insert it (its content's hashes, AES-GCM, two Ed25519 signatures: the entry's and the new checkpoint's, five
statements), a quarter asks what the law needs to know of the client and applies it, a fifth is the commit, and the rest
begins the transaction, holds the ledger against the state file and writes that. No single part of it stands out. Where
the disk is slow it is the commit, as for the limit, though of some ten pages where the limit writes one to four; the
state file is written over in place, which costs no commit of its own. With PostgreSQL an append is five round trips,
where the limit makes one: the lock, where the ledger stands, what is known of the client, all that is written, and the
commit; what the two drivers' layers do on the way is as much work again as the entry.""",
    ),
    "import": Figure(
        title="Bulk import",
        limit="the signatures and content hashes alone, on all cores",
        aim=2.0,
        bound="""\
One process numbers, signs and inserts, in order: each entry names the hash of the one before. From 4,000 lines on the
lines of those clients of whom the file tells nothing but disclosures are read, judged and sealed by other processes;
a file that corrects something is read in order by one. An entry's parts, each measured alone in processor time, are
some 225 µs: a third commits to the content and seals it (a salt and a hash for each of 31 fields, AES-GCM), a quarter
spells the header and signs it, an eighth each goes to the JSON that becomes a record and to the rows that are inserted,
and a fifth applies the law, drafts the entry and files it. With other processes the one that signs keeps a little
under half of it, and the others take the rest and their start. So on two cores the sum bounds it, and from four cores
on the one that signs. The limit has every core busy with nothing but OpenSSL and SHA-256, which is 48 µs of it: on two
cores even a perfect division leaves a ratio between four and five, and only less Python lowers it.""",
    ),
    "verify": Figure(
        title="Full verification, every signature",
        limit="the signature checks alone, on up to four cores",
        aim=1.5,
        bound="""\
OpenSSL's Ed25519 check takes three quarters of the processor's time, and it alone can be done beside the walk. The walk
is one thread's work in Python, a quarter to a third of what a check takes: parsing the note into the one spelling that
is allowed is two fifths of it, reading the rows and comparing their columns and tiles a quarter, links and streams the
rest. From 4,000 entries on other processes check the signatures, 128 at a time, and the walk checks some itself
whenever enough of them wait. With threads, which a smaller ledger gets, one that is done with a signature waits until
the walk lets go of the interpreter: that took 1.6 to 1.9 times the limit. What SQLite is asked of its pages and
indexes, and of the types of its values, comes on top, some 5 µs an entry. By the processor's time alone two cores
could not do better than some 1.3; with more cores it is the walk that bounds it. In a small ledger what is asked once,
most of all of PostgreSQL, weighs more than the entries.""",
    ),
    "verify-opened": Figure(
        title="Full verification, every content opened",
        limit="the signature checks alone, on up to four cores",
        bound="""\
The same, and each content is decrypted, hashed again field by field, read as a record and held against its columns:
Python's work again, in the same thread. There is no aim for it; it is what an owner with the keys waits for.""",
    ),
    "memory": Figure(
        title="Memory of verification",
        limit="the peak of the smaller ledger",
        aim=1.2,
        bound="""\
The ledger is read in slices. What stays is one small record a stream, four bytes for the day of each entry, and
eight for each public one: an accounting, a seal, a rotation.""",
    ),
    "accounting-size": Figure(
        title="One client's accounting, in a large ledger",
        limit="the same accounting in a small ledger",
        aim=1.5,
        bound="""\
Everything is found by an index, the tree's nodes come from its tiles, and only those parts of the stream map are made
again that changed. So the size of the ledger tells by the depth of its trees, and by how many tiles a client's entries
lie in, each of which is 255 hashes: forty in a ledger of 10,000, a hundred, one an entry, from some 26,000 on.""",
    ),
    "accounting-opening": Figure(
        title="One client's accounting",
        limit="reading and opening the client's entries",
        aim=5.0,
        bound="""\
The accounting is drawn with its evidence. Of the processor's time a quarter is the records: each is read and opened
once (that is the limit), and read under the law's forms. Over a quarter is the proofs of inclusion, made in one walk of
the tree: of every tile in which an entry lies the nodes are made again, 255 hashes, and in a ledger of 10,000 a
client's hundred entries lie in forty tiles, in a large one in a hundred. A quarter is the contents, opened field by
field: a salt for each of 31 fields, and a hash for each of the 19 that stay closed. The last quarter draws the
accounting and prints it, writes the evidence down, signs the checkpoint once more, with ML-DSA-44, and appends the
stream map in a durable commit. No part alone stands between this and five: were the nodes inside the tiles stored,
which the format has no place for, or hashed outside Python, the ratio would still be over five.""",
    ),
    "long-list": Figure(
        title="A long list, as a document",
        limit="a tenth of its rows",
        aim=15.0,
        bound="""\
Ten times the rows are ten times the work, beside what every document costs: fonts, page one, the square code. The PDF
is laid out by Typst until its page numbers stand.""",
    ),
    "map-whole": Figure(
        title="The first stream map",
        limit="the hashes of its tree alone, on one core",
        bound="""\
A map is signed, so it rests on the entries and not on what the database keeps beside them: every entry is read, parsed
and hashed into the tree, whose root has to be the ledger's, which is over half of it. Then the streams are compared
with what the entries say, hashed into their places, and the parts of the map are stored. That is done once in the life
of a ledger; the next map starts from this one.""",
    ),
    "map-day": Figure(
        title="A day's stream map, many streams",
        limit="the same with a tenth of the streams",
        aim=1.5,
        bound="""\
Only the entries since the last map are read, and only the parts of the map under which a stream grew are made again:
the streams of its own part, of which there are 16,384, and the 127 nodes above it and its neighbours. Each is hashed
twice, as it stood, which has to lead to the last map's root, and as it stands. Where there are fewer streams than
parts most of those nodes are empty and cost nothing, so that at the small sizes the ratio tells how the map fills.
Once it is full, from some hundred thousand streams on, ten times the streams are ten times as many in each of the
fifty parts that changed: at a million sixty-one each. Most of what a stream then costs are its hashes, its own and
those above it; only more parts would save these, and they would have to be stored.""",
    ),
    "start-verify": Figure(
        title="Start of `verify FILE`",
        limit="an interpreter that imports the libraries alone",
        aim=2.0,
        bound="""\
No database is loaded, nor anything that makes what is verified, nor what only other kinds of file need, and at the end
nothing is given back that the process gives back anyway. Beside the libraries the time is this project's own modules:
a proof in a file is checked by the law as well as by the log. Each of some fifty frozen dataclasses compiles its
methods when its module is imported, about a third of what is ours; the rest is finding and loading some fifty modules,
the settings file's parser, and what the libraries load only once a signature is verified.""",
    ),
    "start-record": Figure(
        title="Start of `record`",
        limit="an interpreter that imports the libraries alone",
        aim=2.0,
        bound="""\
SQLAlchemy is nearly all of it, and it is in the limit as well. Our own modules are the rest.""",
    ),
    "run-record": Figure(
        title="The whole of `record`",
        limit="an interpreter that imports the libraries, opens the key file (scrypt) and signs once",
        aim=2.0,
        bound="""\
The key file is opened by scrypt, slow on purpose so that nobody can try many passphrases; it is in the limit.
Opening the database, looking whether it is ours, and the append itself are the rest.""",
    ),
    "peer-append": Figure(
        title="One durable append, against peers",
        limit="the same payload appended by the peer",
        bound="""\
A ratio under one says that ours took less time. It writes more than its peers: the law is applied and its findings
are stored, the content is sealed with the client's own key, the tree's checkpoint is signed beside the entry, and the
state file is written. What the disk takes is the same for all that wait for it; those with SQLite's rollback journal
wait four times.""",
    ),
    "peer-import": Figure(
        title="Batches, against peers",
        limit="the same payloads appended by the peer in one batch",
        aim=1.0,
        bound="""\
The aim is to be faster than each peer that signs every entry. They take the payload as it is; ours reads it as a
record, applies the law, hashes each field apart and seals it. The signature and the insert, which auditchain does too,
are not quite a third of what ours does; another third is the content's salts, hashes and seal, and the last is the
record, the law and the header. Here one process does it all; of a file's lines others take a part ("Bulk import"),
which two cores hardly show in ten thousand of them, because each process first has to come up.""",
    ),
}

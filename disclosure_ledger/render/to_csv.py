"""The rows of an accounting as CSV (RFC 4180): UTF-8, CRLF, the header of `table`. Its statements are not in it.

A cell that begins like a formula has an apostrophe before it. `excel` puts a byte order mark first: without it Excel
takes UTF-8 for a local code page and garbles names; other programs do not want it.
"""

import csv
import io

from disclosure_ledger.hipaa.accounting import Accounting

from .table import HEADER, inert, records


def to_csv(accounting: Accounting, *, excel: bool = False) -> bytes:
    """The table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows([inert(cell) for cell in row] for row in records(accounting))
    return (b"\xef\xbb\xbf" if excel else b"") + out.getvalue().encode()

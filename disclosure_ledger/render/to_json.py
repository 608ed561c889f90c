"""The accounting as data: one JSON object (docs/records.md, "What an accounting returns as JSON")."""

import orjson

from disclosure_ledger.hipaa.accounting import Accounting


def to_json(accounting: Accounting) -> bytes:
    """The object, indented, with a newline at the end. Keys stand in the order in which a person reads them."""
    return orjson.dumps(accounting.to_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

"""The evidence comes out of a document as it went in, and no document makes the search for it fail."""

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure_ledger import embedded as module
from disclosure_ledger.canonical import encode
from disclosure_ledger.embedded import embedded
from disclosure_ledger.errors import Malformed
from disclosure_ledger.hipaa.accounting import Accounting
from disclosure_ledger.render.to_html import escaped

HEAD = b'<!doctype html><script type="application/json" id="evidence">'
TAIL = b"</script>"


def pdf(content: bytes, entries: bytes = b"/Filter /FlateDecode") -> bytes:
    """The part of a PDF that an attachment is."""
    size = str(len(content)).encode()
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/EmbeddedFile/Length " + size + entries + b">>\nstream\n" + content + b"\nendstream"
    )


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from('<>&\\u003c"/!- é\n'), max_size=30))
def test_what_was_put_into_a_page_comes_out_of_it(text: str) -> None:
    evidence = encode({"a": text})
    assert embedded(HEAD + escaped(evidence).encode() + TAIL) == evidence


def test_the_evidence_of_a_page_is_found(every_kind: Accounting) -> None:
    pytest.importorskip("jinja2", reason="the page needs jinja2: install the extra render")
    from disclosure_ledger.render.to_html import to_html

    evidence = b'{"a":"</script><script type=\\"application/json\\" id=\\"evidence\\">"}'
    assert embedded(to_html(every_kind, evidence)) == evidence
    assert embedded(to_html(every_kind)) is None


def test_the_evidence_of_a_pdf_is_found(every_kind: Accounting) -> None:
    pytest.importorskip("typst", reason="a PDF needs typst: install the extra render")
    from disclosure_ledger.render.to_pdf import to_pdf

    evidence = encode({"a": "x" * 100_000})
    assert embedded(to_pdf(every_kind, evidence)) == evidence
    assert embedded(to_pdf(every_kind)) is None


def refused(data: bytes) -> bool:
    """Whether there is something that cannot be taken out: neither evidence nor none."""
    try:
        embedded(data)
    except Malformed:
        return True
    return False


def test_two_pieces_of_evidence_are_refused() -> None:
    page = HEAD + b"{}" + TAIL
    assert embedded(page) == b"{}"
    assert refused(page + page)
    one = pdf(zlib.compress(b"{}"))
    assert embedded(one) == b"{}"
    assert refused(one + one)


def test_what_is_longer_than_evidence_may_be_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    packed, plain, page = pdf(zlib.compress(b"x" * 10_001)), pdf(b"x" * 10_001, b""), HEAD + b"x" * 10_001 + TAIL
    assert all(embedded(one) == b"x" * 10_001 for one in (packed, plain, page))
    monkeypatch.setattr(module, "MOST_BYTES", 10_000)
    assert all(map(refused, (packed, plain, page)))
    monkeypatch.setattr(module, "MOST_AROUND", 100)
    assert refused(b"<!doctype html>" + b"x" * 100)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"<!doctype html>" + TAIL, HEAD.replace(b" id", b"  id") + TAIL])
def test_what_holds_no_evidence_holds_none(data: bytes) -> None:
    assert embedded(data) is None


@pytest.mark.parametrize(
    "data",
    [
        HEAD,
        HEAD + TAIL,
        b"%PDF-1.7 /Type /EmbeddedFile",
        pdf(b"not packed"),
        pdf(zlib.compress(b"{}")[:-5]),
        pdf(b"{}", b"/Filter /LZWDecode"),
        pdf(b"{}").replace(b"/Length 2", b"/Length 9999999999"),
        pdf(b"{}").replace(b"/Length 2", b"/Length 2 0 R"),
    ],
)
def test_damaged_evidence_is_refused(data: bytes) -> None:
    assert refused(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"%PDF-", HEAD, pdf(zlib.compress(b"{}"))]))
def test_no_bytes_make_the_search_raise_anything_else(data: bytes, before: bytes) -> None:
    try:
        found = embedded(before + data)
    except Malformed:
        return
    assert found is None or isinstance(found, bytes)

"""No text makes a PDF impossible: what cannot be printed stands as its number. The same text gives the same bytes."""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from disclosure_ledger.errors import Refused
from disclosure_ledger.hipaa.accounting import Accounting, Practice

typst: Any = pytest.importorskip("typst", reason="a PDF needs typst: install the extra render")

from disclosure_ledger.render import to_pdf  # noqa: E402
from hostile import read_pdf  # noqa: E402

JOINING = "\u200b\u200c\u200d\u2060\u00ad\u034f\u0301\u0345\u20e3\ufe0e\ufe0f\U000e0041\U000e007f\U0001f3fd\u115f\u1160"
ODD = "\u2028\u202e\u2066\ufeff\ufffe\ufffc\ufffd\U0010ffff\ue000\U000f0000\U0001f1fa\U0001f468\u1100\u11a8\u180e\u0378"
SCRIPTS = (
    (0x0590, 0x08FF),
    (0x0900, 0x0DFF),
    (0x0E00, 0x109F),
    (0x10A00, 0x10FFF),
    (0x1E800, 0x1EFFF),
    (0x1F000, 0x1FAFF),
)
TEXTS = 160


def kinds() -> dict[str, list[str]]:
    """Every character by its general category, but for surrogates."""
    found: dict[str, list[str]] = {}
    for code in range(0x110000):
        if (kind := unicodedata.category(chr(code))) != "Cs":
            found.setdefault(kind, []).append(chr(code))
    return found


def texts(seed: int) -> list[str]:
    """Texts of any characters: of one script with marks where no letter is, of what joins, of words of any width."""
    chance, by_kind = random.Random(seed), kinds()
    names = sorted(by_kind)

    def character(script: tuple[int, int]) -> str:
        return chance.choice(
            (
                chr(chance.randint(*script)),
                chr(chance.randint(*script)),
                chance.choice(by_kind[chance.choice(names)]),
                chance.choice(JOINING),
                chance.choice(ODD),
                chance.choice(" \u200b-\n"),
                chance.choice("aé"),
            )
        )

    made = []
    for _ in range(TEXTS):
        script = chance.choice(SCRIPTS)
        made.append(unicodedata.normalize("NFC", "".join(character(script) for _ in range(chance.randint(1, 60)))))
    return made


def of(it: Accounting, said: Sequence[str]) -> Accounting:
    """An accounting in which each text is what a row says, and some are names."""
    name = " ".join(said[0].split()) or "x"
    rows = tuple(replace(it.rows[0], description=text, purpose=text[::-1].strip() or "x") for text in said)
    return replace(it, rows=rows, client_name=said[-1], practice=Practice(name=name, address=said[-1], contact=name))


def refused(it: Accounting, said: Sequence[str]) -> list[str]:
    """The texts that cannot be set, found by halves."""
    try:
        to_pdf.to_pdf(of(it, said))
    except Refused:
        if len(said) == 1:
            return list(said)
        half = len(said) // 2
        return [*refused(it, said[:half]), *refused(it, said[half:])]
    return []


def test_any_text_sets(every_kind: Accounting) -> None:
    assert list(map(ascii, refused(every_kind, texts(528)))) == []


def test_text_of_any_kind_gives_the_same_bytes(every_kind: Accounting) -> None:
    said = of(every_kind, texts(164)[:20])
    assert to_pdf.to_pdf(said) == to_pdf.to_pdf(said)


@pytest.mark.parametrize("text", ["\u0858\u085a \u085b\u0866", "\U00010f81\U00010f82 \U00010f85\U00010f86"])
def test_what_runs_from_the_right_and_has_no_glyph_sets_where_a_line_breaks_within(
    every_kind: Accounting, text: str
) -> None:
    read = read_pdf(to_pdf.to_pdf(of(every_kind, [text])))
    for mark in set(text) - {" "}:
        assert f"[U+{ord(mark):04X}]" in "".join(read.split())


def test_a_mark_without_a_glyph_stands_as_its_number_and_as_no_dotted_circle(every_kind: Accounting) -> None:
    read = read_pdf(to_pdf.to_pdf(replace(every_kind, client_name="Ann\u085b \U00010a3f Lee\u0301")))
    assert "Ann[U+085B][U+10A3F]Le" in "".join(read.split())


class PanicException(BaseException):
    """Like what Typst raises where it gives up."""


@pytest.mark.parametrize(
    ("cannot", "printed"),
    [("\u20d7", "Zo\u00eb[U+20D7]\u6f22"), ("\u6f22", "Zo[U+00EB][U+20D7][U+6F22]")],
)
def test_where_typst_gives_up_what_joins_is_spelled_out_and_then_all_but_ascii(
    every_kind: Accounting, monkeypatch: pytest.MonkeyPatch, cannot: str, printed: str
) -> None:
    compile_, given = typst.compile, list[str]()

    def giving_up(*arguments: Any, sys_inputs: dict[str, str], **options: Any) -> Any:
        given.append(sys_inputs["letter"])
        if cannot in given[-1]:
            raise PanicException
        return compile_(*arguments, sys_inputs=sys_inputs, **options)

    monkeypatch.setattr(typst, "compile", giving_up)
    assert to_pdf.to_pdf(replace(every_kind, client_name="Zo\u00eb\u20d7\u6f22")).startswith(b"%PDF-")
    assert printed in given[-1]


def test_a_document_that_will_not_set_in_ascii_either_is_refused(
    every_kind: Accounting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def giving_up(*_: Any, **__: Any) -> Any:
        raise PanicException

    monkeypatch.setattr(typst, "compile", giving_up)
    with pytest.raises(Refused, match="could not be set"):
        to_pdf.to_pdf(every_kind)


def test_what_else_interrupts_is_not_taken_for_it(every_kind: Accounting, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(typst, "compile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        to_pdf.to_pdf(every_kind)

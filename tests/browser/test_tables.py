"""What both verifiers have as tables is the same, and the primitives of the page's own say what public vectors say."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from disclosure_ledger import browser
from disclosure_ledger.hipaa.bases import BASES
from disclosure_ledger.hipaa.basis import Accountable
from disclosure_ledger.hipaa.parts import RECIPIENT_TYPES
from disclosure_ledger.hipaa.rows import OPENED
from disclosure_ledger.log.findings import INCOMPLETE, REGISTRY
from disclosure_ledger.log.kinds import PUBLIC, SEALED
from disclosure_ledger.render.code import picture
from locate import vectors

LISTED = {"no": Accountable.NO, "yes": Accountable.YES, "default": Accountable.DEFAULT_YES}


@pytest.fixture(scope="module")
def inside(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page in which the script's own names can be asked for: the same parts, as a plain script."""
    path = tmp_path_factory.mktemp("parts") / "parts.html"
    path.write_text(f"<!doctype html><title>parts</title><script>{parts()}</script>", "utf-8")
    opened = browser.new_page()
    opened.goto(path.as_uri())
    yield opened
    opened.close()


def parts() -> str:
    """The script but for the part that asks, which needs the page around it."""
    return browser.script().rpartition("// The page: what it asks for")[0]


def test_kinds_and_their_fields_are_the_same(inside: Any) -> None:
    assert inside.evaluate("SEALED_KINDS") == {kind: list(fields) for kind, fields in SEALED.items()}
    assert inside.evaluate("PUBLIC_KINDS") == {kind: list(members) for kind, members in PUBLIC.items()}


def test_legal_bases_count_the_same(inside: Any) -> None:
    found = {
        code: (LISTED[one["listed"]], one["summed"], one["study"]) for code, one in inside.evaluate("BASES").items()
    }
    assert found == {code: (row.accountable, row.b3, row.b4) for code, row in BASES.items()}


def test_what_a_row_is_made_of_is_the_same(inside: Any) -> None:
    assert sorted(inside.evaluate("ROW_FIELDS")) == sorted(OPENED)
    assert sorted(inside.evaluate("RECIPIENT_TYPES")) == sorted(RECIPIENT_TYPES)


def test_the_codes_that_make_a_verdict_incomplete_are_the_same(inside: Any) -> None:
    assert set(inside.evaluate("[...INCOMPLETE]")) == INCOMPLETE


def test_every_code_has_plain_words_in_both_languages(inside: Any) -> None:
    for language in ("en", "es"):
        inside.evaluate("code => { language = code; }", language)
        for code in REGISTRY:
            if not code.startswith("11."):  # a database is not for this page
                assert inside.evaluate("code => sayFinding({ code })", code)


def test_both_languages_say_the_same_things(inside: Any) -> None:
    said = [{word: set_of(text) for word, text in inside.evaluate(name).items()} for name in ("ENGLISH", "SPANISH")]
    assert said[0] == said[1]


def set_of(text: str) -> frozenset[str]:
    """The places of a phrase that are filled in."""
    return frozenset(piece.split("}")[0] for piece in text.split("{")[1:])


def test_ml_dsa_44_says_what_public_vectors_say(inside: Any) -> None:
    document = json.loads((vectors() / "wycheproof" / "mldsa_44_verify_test.json").read_text())
    cases = [
        (base64(group["publicKey"]), base64(test["msg"]), base64(test["sig"]), test["result"] == "valid")
        for group in document["testGroups"]
        for test in group["tests"]
        if not test.get("ctx")
    ]
    found = inside.evaluate(
        """(cases) => cases.map(([key, message, signature]) => {
          const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
          return verifyMldsa(bytes(key), bytes(message), bytes(signature));
        })""",
        [case[:3] for case in cases],
    )
    assert len(cases) > 100
    assert [place for place, case in enumerate(cases) if found[place] != case[3]] == []


def base64(hexadecimal: str) -> str:
    return b64encode(bytes.fromhex(hexadecimal)).decode()


READERS = {
    "base64": "bytesOf(text)",
    "date": "date(text)",
    "decimal": "decimal(text)",
    "json": "readJson(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)))",
    "origin": "originOf(text)",
    "time": "instant(text)",
}


def test_encodings_are_accepted_and_refused_as_the_golden_ones_say(inside: Any) -> None:
    golden = json.loads((vectors() / "format-v1" / "encodings.json").read_text())
    assert golden.keys() == READERS.keys()
    for name, reader in READERS.items():
        for text in golden[name]["accepted"] + golden[name]["refused"]:
            taken = inside.evaluate(f"(text) => {{ try {{ {reader}; return true; }} catch {{ return false; }} }}", text)
            assert taken == (text in golden[name]["accepted"]), (name, text)


def test_keys_that_nobody_may_trust_are_refused(inside: Any) -> None:
    golden = json.loads((vectors() / "format-v1" / "names-and-keys.json").read_text())
    for one in golden["refused_vkeys"]:
        assert not inside.evaluate("(vkey) => readKey(vkey).then(() => true, () => false)", one["vkey"]), one["why"]
    for one in golden["keys"]:
        assert inside.evaluate("(vkey) => readKey(vkey).then(() => true, () => false)", one["vkey"])


def test_one_member_with_a_comma_in_its_name_is_not_two(inside: Any) -> None:
    takes = "(value) => { try { object(value, 'a', 'b'); return true; } catch { return false; } }"
    assert inside.evaluate(takes, {"b": 1, "a": 2})
    assert not inside.evaluate(takes, {"a,b": 1})


FONT = """async (ranges) => {
  const reader = new TaggedText({
    resolve: () => new Map([["ToUnicode", null]]), content: async () => ranges,
  });
  try { return (await reader.font({ number: 1 })).size; } catch (error) { return error.constructor.name; }
}"""


def test_a_font_may_map_every_code_once_and_not_keep_the_reader_waiting(inside: Any) -> None:
    every = "<0000> <ffff> <0041> endbfrange\n"
    assert inside.evaluate(FONT, every) == 65_536
    assert inside.evaluate(FONT, every * 2) == "Malformed"


def test_a_structure_that_nobody_expects_is_malformed(inside: Any) -> None:
    read = "async () => { try { await taggedRows(null); } catch (error) { return error.constructor.name; } }"
    assert inside.evaluate(read) == "Malformed"


LOOP = """async () => {
  const element = new Map([["S", "Sect"]]);
  element.set("K", [element, element]);
  const root = new Map([["StructTreeRoot", element]]), get = (dictionary, key) => dictionary.get(key);
  const pdf = { trailer: new Map([["Root", root]]), get, resolve: (value) => value };
  try { return await taggedRows(pdf); } catch (error) { return error.constructor.name; }
}"""


def test_a_tree_whose_elements_hold_each_other_keeps_nobody_waiting(inside: Any) -> None:
    assert inside.evaluate(LOOP) == "Malformed"


def test_a_character_that_one_version_of_unicode_spells_out_is_the_same_in_a_pdf(inside: Any) -> None:
    alike = "([one, other]) => comparable(one) === comparable(other)"
    assert inside.evaluate(alike, ["Dr. Gray \U0001f600", "Dr. Gray \\u1f600"])
    assert not inside.evaluate(alike, ["Dr. Gray \U0001f600", "Dr. Gray \\u1f601"])
    assert not inside.evaluate(alike, ["Dr. \u202eGray", "Dr. \\u202eGray"])


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("\ufdfd", "\ufdfd", True),
        ("a\u0b3cb", "a\u0b3c\u0b3cb", True),
        ("\u05e9\u05dc\u1160", "\u05e9\u05dc", True),
        ("\u0e17\u0e35\u0e48", "\u0e17\u0e35\u0e48\u0e17\u0e35\u0e48", True),
        ("\u0e17\u0e35\u0e48", "\u0e17\u0e35", False),
        ("Court", "Courtt", False),
    ],
)
def test_what_is_read_of_a_pdf_is_alike_where_only_its_glyphs_differ(
    inside: Any, one: str, other: str, alike: bool
) -> None:
    assert inside.evaluate("([one, other]) => comparable(one) === comparable(other)", [one, other]) == alike


def test_a_square_code_of_any_length_is_made_as_the_other_makes_it(inside: Any) -> None:
    segno = pytest.importorskip("segno", reason="the square code needs segno: install the extra render")
    versions = set()
    for length in (1, 14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106, 107, 122, 123, 152, 153, 180, 181, 200, 213):
        text = ("harbor.example/disclosures\n" * 8)[-length:]
        version = segno.make(text, error="m", micro=False, boost_error=False).version
        versions.add(version)
        width, path = re.findall(r'viewBox="0 0 (\d+) .* d="(.*)"/></svg>', picture(text))[0]
        codes = inside.evaluate("([text, version]) => codesOf(utf8(text), version)", [text, version])
        assert path in codes, length
        assert len(set(codes)) in (8, 16)
        assert inside.evaluate("(it) => isCodeOf(...it)", [text, path, int(width)])
        assert not inside.evaluate("(it) => isCodeOf(...it)", [f"X{text[1:]}", path, int(width)])
    assert versions == set(range(1, 11))
    assert not inside.evaluate("(it) => isCodeOf(...it)", ["x" * 214, "", 65])

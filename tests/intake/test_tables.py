"""CSV becomes records, or errors that name the row and the column; nothing is left out in silence."""

import sys
from pathlib import Path
from typing import Any

import pytest

from command import Desk
from disclosure_ledger.errors import InvalidImport, InvalidRecord, Refused
from disclosure_ledger.hipaa import records
from disclosure_ledger.intake import from_csv, from_xlsx, rows
from disclosure_ledger.intake.columns import SPELLINGS
from disclosure_ledger.intake.table import MAX_ERRORS, Reading, Table
from tabling import GOOD, HEADER, ROW, book, of_book


def text_of(*lines: list[str], mark: str = ",") -> bytes:
    return "".join(mark.join(line) + "\r\n" for line in lines).encode()


def of_csv(data: bytes, **how: Any) -> list[tuple[int, records.Record]]:
    return list(Table(from_csv.read(data), Reading(**how)).read())


def wrong_with(data: bytes, **how: Any) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(InvalidImport) as caught:
        of_csv(data, **how)
    return [(one.line, one.field, one.message) for one in caught.value.errors]


def test_a_row_is_a_record_with_its_line_and_leading_zeros_stay() -> None:
    ((line, record),) = of_csv(text_of(HEADER, ROW))
    assert line == 2
    assert isinstance(record, records.Disclosure)
    assert (record.client, record.recipient.type, str(record.disclosed_on.first_day)) == (
        "00123",
        "court",
        "2026-02-03",
    )


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_the_header_says_the_delimiter_and_a_byte_order_mark_is_none_of_it(mark: str, bom: bytes) -> None:
    assert len(of_csv(bom + text_of(HEADER, ROW, mark=mark))) == 1


def test_a_quoted_new_line_keeps_the_count_of_lines() -> None:
    data = text_of([*HEADER, "Notes"], [*ROW, '"one\ntwo"'], [*ROW[:1], "03/04/26", *ROW[2:], ""])
    assert [line for line, _, _ in wrong_with(data)] == [4]


@pytest.mark.parametrize("cells", [ROW[:-1], [*ROW, "more"]])
def test_a_ragged_row_is_an_error_with_its_line(cells: list[str]) -> None:
    ((line, _, message),) = wrong_with(text_of(HEADER, ROW, cells))
    assert (line, message) == (3, f"expected 6 cells, as in the header, found {len(cells)}")


def test_blank_rows_are_none() -> None:
    assert len(of_csv(text_of(HEADER, [""] * 6, ROW, [""] * 6) + b"\r\n")) == 1


def test_a_slashed_date_is_refused_with_its_three_readings_unless_the_order_is_said() -> None:
    data = text_of(HEADER, [ROW[0], "03/04/26", *ROW[2:]])
    ((_, _, message),) = wrong_with(data)
    assert message == "an ambiguous date: it could be 2026-03-04, 2026-04-03 or 2003-04-26"
    ((_, _, message),) = wrong_with(data, order="mdy")
    assert "a year of four digits" in message
    ((_, record),) = of_csv(text_of(HEADER, [ROW[0], "03/04/2026", *ROW[2:]]), order="dmy")
    assert str(record.disclosed_on.first_day) == "2026-04-03"  # type: ignore[attr-defined]


def test_every_error_of_every_row_is_told_at_once() -> None:
    found = wrong_with(text_of(HEADER, ["", "2026-02-30", "", "cuort", "no", "x"], [*ROW[:4], "nope", ""]))
    assert [(line, field) for line, field, _ in found] == [
        *((2, "disclosed_on"), (2, "recipient.type"), (2, "basis"), (2, "client"), (2, "recipient.name")),
        *((3, "basis"), (3, "description")),
    ]


def test_what_is_beyond_a_hundred_errors_is_counted() -> None:
    with pytest.raises(InvalidImport) as caught:
        of_csv(text_of(HEADER, *([[*ROW[:4], "nope", "x"]] * (MAX_ERRORS + 37))))
    assert (len(caught.value.errors), caught.value.more) == (MAX_ERRORS, 37)


def test_no_column_is_left_out_in_silence() -> None:
    data = text_of([*HEADER, "Colour"], [*ROW, "red"])
    ((line, _, message),) = wrong_with(data)
    assert (line, message) == (1, "column 7 has a heading that names no field")
    table = Table(from_csv.read(data), Reading(ignore_unknown=True))
    assert (len(list(table.read())), table.ignored) == (1, (6,))
    ((_, _, message),) = wrong_with(text_of([*HEADER, ""], [*ROW, "red"]))
    assert message == "column 7 has a value and no heading"


def test_a_heading_can_be_explained_and_a_field_set_for_every_row() -> None:
    data = text_of(["Nr", *HEADER[1:4], HEADER[5]], [*ROW[:4], ROW[5]])
    ((_, record),) = of_csv(data, mapping={"Nr": "client"}, constants={"basis": "court_order"})
    assert (record.client, record.basis) == ("00123", "court_order")  # type: ignore[attr-defined]
    assert any("--map names a field" in message for _, _, message in wrong_with(data, mapping={"Nr": "clint"}))
    assert [field for _, field, _ in wrong_with(text_of(HEADER, ROW), constants={"basis": "payment"})] == ["basis"]


def test_two_columns_of_one_field_are_refused() -> None:
    ((_, field, message),) = wrong_with(text_of([*HEADER, "Date disclosed"], [*ROW, ROW[1]]))
    assert (field, message) == ("disclosed_on", "column 2 and column 7 both fill it")


def test_lists_papers_and_parts_are_filled() -> None:
    header = [
        *HEADER[:1],
        "disclosed_on.from",
        "disclosed_on.to",
        *HEADER[2:],
        "fields",
        "evidence",
        "via_ehr",
        "pages",
    ]
    cells = [
        ROW[0],
        "2026-02-01",
        "2026-02-03",
        *ROW[2:],
        "service dates; diagnosis",
        "court order:8:2026-01-20:A",
        "Yes",
        "3",
    ]
    ((_, record),) = of_csv(text_of(header, cells))
    assert records.to_json(record) | {"ref": None} == {
        "kind": "disclosure",
        "client": "00123",
        "disclosed_on": {"from": "2026-02-01", "to": "2026-02-03"},
        "recipient": {"name": "County Court", "type": "court"},
        "basis": "court_order",
        "description": "visit dates",
        "fields": ["service_dates", "diagnosis"],
        "via_ehr": True,
        "pages": 3,
        "ref": None,
        "evidence": [{"type": "court_order", "ref": "8", "dated": "2026-01-20", "issuer": "A"}],
    }


def test_other_kinds_come_in_by_a_column_or_by_name() -> None:
    ((_, one),) = of_csv(b"Client,Name,DOB\nC-1,Dana Example,1990-01-02\n", kind="client")
    assert isinstance(one, records.Client)
    both = of_csv(b"kind,client,name,reason\nclient,C-1,Dana Example,\nhold,C-1,,case 881\n")
    assert [record.kind for _, record in both] == ["client", "hold"]
    ((_, field, _),) = wrong_with(b"kind,client,name,reason\nhold,C-1,Dana Example,case 881\n")
    assert field == "name"


def test_the_ref_of_a_row_is_made_of_what_it_says_and_not_of_its_place() -> None:
    other = [*ROW[:5], "diagnosis"]
    refs = [record.ref for _, record in of_csv(text_of(HEADER, ROW, other, ROW))]
    assert len(set(refs)) == 3
    assert [record.ref for _, record in of_csv(text_of(HEADER, other, ROW))] == [refs[1], refs[0]]
    assert [record.ref for _, record in of_book(book(HEADER, ROW))] == refs[:1]


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"Client,Date\n\xff\xfe,x\n", "expected UTF-8, found bytes of another encoding", 2),
        ("Client,Date\n".encode("utf-16"), "expected UTF-8, found UTF-16", 1),
        (b"", "expected a header and rows below it; the file has none", None),
        (b'Client,"Date\n', "expected cells as RFC 4180 writes them", 1),
    ],
)
def test_what_is_no_table_is_said(data: bytes, message: str, line: int | None) -> None:
    with pytest.raises(InvalidRecord) as caught:
        of_csv(data)
    assert (caught.value.message, caught.value.line) == (message, line)


def test_a_heading_is_never_repeated_for_it_may_be_somebodys_data() -> None:
    assert "Dana" not in str(wrong_with(b"Dana Example,2026-01-01\n"))


def test_an_apostrophe_that_kept_a_spreadsheet_from_calculating_is_taken_off() -> None:
    ((_, record),) = of_csv(text_of(HEADER, [*ROW[:5], "'=x"]))
    assert record.description == "=x"  # type: ignore[attr-defined]


def test_the_command_brings_in_a_table_all_or_nothing_and_twice_safely(tmp_path: Path) -> None:
    desk = Desk(tmp_path).init()
    path = tmp_path / "old.csv"
    path.write_bytes(text_of(HEADER, ROW, ["C-2", "2999-01-01", *ROW[2:]], ["C-3", "", *ROW[2:]]))
    done = desk("import", path)
    assert done.exit == 1
    assert "line 3, column 2, field disclosed_on: expected a day not after the day of recording" in done.err
    assert "line 4, column 2, field disclosed_on: expected a value, found none" in done.err
    assert "2 errors in what was to be recorded; nothing was written" in done.err
    assert [one["column"] for one in desk("import", path, "--json").error["errors"]] == ["column 2", "column 2"]
    path.write_bytes(text_of(HEADER, ROW, ROW))
    assert desk.ok("import", path, "--dry-run", "--json").json["recorded"] == 2
    first = desk.ok("import", path)
    assert "line 3" in first.err
    assert desk.ok("import", path, "--json").json == {
        "dry_run": False,
        "recorded": 0,
        "already": 2,
        "repeats": [3],
        "entries": [],
    }


def test_what_a_ledger_exported_begins_another_with_what_stands(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    old, new = Desk(tmp_path / "old").init(), Desk(tmp_path / "new").init()
    told = [[*ROW[:5], f"part {number}"] for number in range(3)]
    (tmp_path / "told.csv").write_bytes(text_of([*HEADER, "note"], *([*one, "'=1"] for one in told)))
    old.ok("import", tmp_path / "told.csv")
    old.ok("correct", "2", "--reason", "a slip", "--description", "as corrected")
    old.ok("correct", "3", "--reason", "twice", "--retract")
    old.ok("export", "csv", "--output", tmp_path / "export.csv")
    done = new.ok("import", tmp_path / "export.csv")
    assert done.out.startswith("2 records recorded")
    assert "3 rows of the export are no release that stands" in done.err
    assert new.ok("import", tmp_path / "export.csv").out.startswith("0 records recorded; 2 were there already")
    found = [one["fields"] for one in new.ok("search", "part", "corrected", "--json").json]
    assert found == []
    every = new.ok("search", "--kind", "disclosure", "--json").json
    assert [(one["fields"]["description"], one["fields"]["note"]) for one in every] == [
        ("part 2", "=1"),
        ("as corrected", None),
    ]


def test_the_limits_of_a_table_are_said_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_csv, "MAX_ROWS", 2)
    ((line, _, message),) = wrong_with(text_of(HEADER, ROW, ROW))
    assert (line, message) == (3, "expected at most 2 rows")
    assert rows.MAX_FILE > from_xlsx.MAX_UNPACKED


def test_options_of_a_table_are_none_of_json_lines(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk("import", "x.jsonl", "--set", "basis=payment").exit == 2
    assert desk("import", "x.csv", "--map", "basis").exit == 1 or desk("import", "x.csv", "--map", "b").exit == 1


def test_the_page_names_every_spelling() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "importing.md").read_text("utf-8")
    for path, said in SPELLINGS.items():
        assert f"| `{path}` | {said} |" in page


def test_the_example_comes_in_as_the_readme_says() -> None:
    data = (Path(__file__).resolve().parents[2] / "examples" / "old-log.csv").read_bytes()
    assert len(of_csv(data, order="mdy", mapping={"Sent by fax/mail": "method"})) == 3


def test_a_byte_order_mark_before_a_quoted_heading_is_none_of_it() -> None:
    assert len(of_csv(b"\xef\xbb\xbf" + text_of([f'"{one}"' for one in HEADER], ROW))) == 1


def test_without_openpyxl_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(Refused, match="not installed") as caught:
        from_xlsx.read(GOOD)
    assert "disclosure-ledger[xlsx]" in str(caught.value.hint)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk")).init()


@pytest.mark.parametrize("place", range(len(HEADER)))
def test_no_error_repeats_what_a_cell_holds(place: int, desk: Desk, tmp_path: Path) -> None:
    canary = "canary-kestrel" * 9 if place in (0, 2, 5) else "canary-kestrel"
    cells = [canary if column == place else cell for column, cell in enumerate(ROW)]
    path = tmp_path / "told.csv"
    path.write_bytes(text_of([*HEADER, "pages"], [*cells, "many"]))
    done = desk("import", path)
    assert done.exit == 1
    assert "kestrel" not in done.out + done.err

"""The page as a client has it: what it says and shows, that it asks nobody, and that everybody can use it."""

import datetime as dt
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from browsing import write_page
from command import Desk
from disclosure_ledger import browser as verifier_page
from disclosure_ledger.hipaa.document import Accounting
from disclosure_ledger.render.logo import logo_of
from disclosure_ledger.render.to_html import to_html
from every_letter import letters
from evidence_maker import begun, release
from outcomes import path, vkeys
from pictures import png

DONE = "#result[aria-busy=false]:not([hidden])"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATES = {
    "nothing chosen": (None, "log-1"),
    "verified": ("evidence.json", "log-1"),
    "nothing to list": ("evidence-nothing.json", "log-1"),
    "failed": ("attacked/evidence/row-recipient-changed.json", "log-1"),
    "incomplete": ("evidence.json", None),
    "a receipt": ("receipts/6-of-32.tlog-proof", "log-2"),
    "unknown": ("expected.json", "log-1"),
}


class Client:
    """Somebody who opens the page, with what the browser was asked for meanwhile."""

    def __init__(self, browser: Any, folder: Path, key: str | None = "log-1", **more: Any) -> None:
        self.context = browser.new_context(**more)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda line: self.faults.append(line.text))
        self.page.goto(write_page(folder, (vkeys()[key],) if key else ()).as_uri())

    def choose(self, file: Path | str) -> str:
        """Choose a file and wait for the outcome."""
        self.page.evaluate("document.getElementById('result').removeAttribute('data-outcome')")
        self.page.set_input_files("#file", str(path(file) if isinstance(file, str) else file))
        self.page.wait_for_selector(f"{DONE}[data-outcome]")
        return str(self.page.get_attribute("#result", "data-outcome"))

    def said(self) -> str:
        return str(self.page.inner_text("#result"))


@pytest.fixture
def client(browser: Any, tmp_path: Path) -> Iterator[Client]:
    made = Client(browser, tmp_path, locale="en-US")
    yield made
    assert made.faults == []
    made.context.close()


def test_the_page_is_the_same_bytes_every_time() -> None:
    keys = (vkeys()["log-1"],)
    assert verifier_page.page(keys) == verifier_page.page(keys) != verifier_page.page()


def test_nobody_is_asked_for_anything(client: Client) -> None:
    for file in ("evidence.json", "attacked/evidence/fork.json", "receipts/6-of-32.tlog-proof"):
        client.choose(file)
    assert [url.partition(":")[0] for url in client.requests] == ["file"]


def test_the_page_could_ask_nobody_even_if_it_wanted_to(browser: Any, tmp_path: Path) -> None:
    client = Client(browser, tmp_path)
    found = client.page.evaluate("fetch('https://harbor.example/').then(() => 'sent', () => 'refused')")
    assert found == "refused"
    assert any("Content Security Policy" in fault for fault in client.faults)
    assert not [url for url in client.requests if url.startswith("http")]
    client.context.close()


def test_a_good_list_is_called_verified_with_all_its_rows(client: Client) -> None:
    assert client.choose("evidence.json") == "verified"
    said = client.said()
    assert "VERIFIED" in said
    assert "February 3, 2026" in said
    assert "Lowe & Finch LLP, 22 Harbor St, Oakville" in said
    assert said.count("Proved: in the ledger, unchanged") == 5
    assert "begins on March 1, 2019" in said
    assert "Entry 18 was corrected by entry 19." in said
    assert "Entry 3 was erased" in said


def test_a_row_that_was_left_out_is_shown_and_marked(client: Client) -> None:
    assert client.choose("attacked/evidence/row-left-out.json") == "failed"
    wrong = client.page.locator("ol.rows > li.wrong")
    assert wrong.count() == 1
    assert "LEFT OUT" in wrong.inner_text()
    assert "FAILED" in client.said()
    client.page.click("summary:has-text('For experts')")
    assert "13.rows" in client.said()


def test_a_row_that_was_changed_is_shown_as_it_is_and_as_it_was_printed(client: Client) -> None:
    assert client.choose("attacked/evidence/row-recipient-changed.json") == "failed"
    said = client.page.locator("ol.rows > li.wrong").all_inner_texts()
    assert ["LEFT OUT" in text for text in said] == [True, False]
    assert "NOT IN THE LEDGER" in said[1]


def test_without_a_key_nothing_is_verified_and_with_one_it_is(browser: Any, tmp_path: Path) -> None:
    client = Client(browser, tmp_path, None, locale="en-US")
    assert client.choose("evidence.json") == "incomplete"
    assert "Enter the practice's key" in client.said()
    client.page.fill("#keys", "no key")
    client.page.locator("#keys").blur()
    client.page.wait_for_selector("#keys-fault:has-text('Line 1')")
    client.page.fill("#keys", vkeys()["log-1"])
    client.page.locator("#keys").blur()
    client.page.wait_for_selector("#result[data-outcome=verified]")
    assert client.faults == []
    client.context.close()


def test_a_key_that_the_page_offers_can_be_taken_away(client: Client) -> None:
    assert client.choose("evidence.json") == "verified"
    client.page.uncheck("#given input")
    client.page.wait_for_selector("#result[data-outcome=incomplete]")


def test_what_somebody_kept_contradicts_a_second_history(client: Client) -> None:
    assert client.choose("attacked/evidence/fork.json") == "verified"
    client.page.set_input_files("#known", str(path("checkpoints/30.note")))
    client.page.wait_for_selector("#result[data-outcome=failed]")
    assert "It contradicts a file that was kept from before" in client.said()


def test_text_from_a_file_never_acts(client: Client, tmp_path: Path) -> None:
    hostile = tmp_path / "<img src=x onerror=alert(1)>.json"
    hostile.write_bytes(path("evidence.json").read_bytes().replace(b"treatment summary", b"<b>summary</b><script>1"))
    assert client.choose(hostile) == "failed"
    assert "<b>summary</b>" in client.said()
    assert client.page.locator("#result b, #result img, #result script, #chosen img").count() == 0


def test_what_acts_in_the_text_of_a_file_is_shown_and_not_obeyed(client: Client, tmp_path: Path) -> None:
    hostile = tmp_path / "list\u202enosj.json"
    hostile.write_bytes(path("evidence.json").read_bytes().replace(b"treatment summary", "no\u202e summary".encode()))
    assert client.choose(hostile) == "failed"
    for said in (client.said(), client.page.inner_text("#chosen")):
        assert "\\u202e" in said
        assert "\u202e" not in said


def test_a_browser_without_the_signatures_accuses_nobody(client: Client) -> None:
    unknown = "Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'))"
    client.page.evaluate(f"void (crypto.subtle.importKey = () => {unknown})")
    assert client.choose("evidence.json") == "broken"
    assert "This browser cannot do the check (Unrecognized name.)" in client.said()
    assert "FAILED" not in client.said()


UNREADABLE = (
    "void (Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException('It is gone.', 'NotReadableError')))"
)


def test_a_file_that_cannot_be_read_leaves_no_verdict_of_another(client: Client) -> None:
    assert client.choose("evidence.json") == "verified"
    client.page.evaluate(UNREADABLE)
    assert client.choose("attacked/evidence/fork.json") == "unreadable"
    assert "This file cannot be read (It is gone.)" in client.said()
    assert "VERIFIED" not in client.said()
    assert "fork.json" in client.page.inner_text("#chosen")
    client.page.click("text=Español")
    assert "No se puede leer" in client.said()


def test_while_a_file_is_read_no_verdict_of_another_is_shown(client: Client) -> None:
    assert client.choose("evidence.json") == "verified"
    client.page.evaluate("void (Blob.prototype.arrayBuffer = () => new Promise(() => {}))")
    client.page.set_input_files("#file", str(path("attacked/evidence/fork.json")))
    client.page.wait_for_selector("#chosen:has-text('fork')")
    assert "VERIFIED" not in client.said()


def test_a_kept_file_that_cannot_be_read_is_not_passed_over(client: Client) -> None:
    assert client.choose("evidence.json") == "verified"
    client.page.evaluate(UNREADABLE)
    client.page.set_input_files("#known", str(path("checkpoints/30.note")))
    client.page.wait_for_selector("#result[data-outcome=incomplete]")
    assert "An earlier file could not be read" in client.said()


def test_a_file_can_be_chosen_again(client: Client) -> None:
    """A browser says nothing where the file that is chosen is the one that stands there, though it is another now."""
    client.choose("evidence.json")
    client.page.set_input_files("#known", str(path("checkpoints/30.note")))
    client.page.wait_for_selector("#known-list li", state="attached")
    assert (
        client.page.evaluate("[...document.querySelectorAll('input[type=file]')].map((it) => it.files.length)")
        == [0] * 3
    )


def test_of_two_lines_that_are_the_same_the_one_that_is_left_out_is_marked(client: Client, tmp_path: Path) -> None:
    pytest.importorskip("jinja2", reason="the page needs jinja2: install the extra render")
    maker = begun()
    for _ in range(2):
        maker.record("disclosure", **release(basis="impermissible", counted_as="impermissible"))
    evidence = maker.build()
    page = to_html(Accounting.from_json(json.loads(evidence)["accounting"]), evidence)
    for name, lines in (("whole", 2), ("one", 1)):
        kept = page.split(b"\n")
        (first, *_) = found = [
            place for place, line in enumerate(kept) if line.startswith(b'<tr role="row"><th role="rowh')
        ]
        assert len(found) == 2
        del kept[first : first + 2 - lines]
        (tmp_path / f"{name}.html").write_bytes(b"\n".join(kept))
        assert client.choose(tmp_path / f"{name}.html") == ("verified" if lines == 2 else "failed")
        marked = ["LEFT OUT" in text for text in client.page.locator("ol.rows > li").all_inner_texts()]
        assert sorted(marked) == [False, lines == 1]


def test_it_speaks_spanish(browser: Any, tmp_path: Path) -> None:
    client = Client(browser, tmp_path, locale="es-MX")
    assert client.choose("evidence.json") == "verified"
    assert "COMPROBADO" in client.said()
    assert "3 de febrero de 2026" in client.said()
    client.page.click("text=English")
    assert "VERIFIED" in client.said()
    client.context.close()


def test_while_a_file_is_checked_no_verdict_of_another_is_shown(client: Client) -> None:
    assert client.choose("evidence.json") == "verified"
    client.page.evaluate(HELD_UP)
    client.page.set_input_files("#file", str(path("attacked/evidence/row-left-out.json")))
    client.page.wait_for_selector("#chosen:has-text('row-left-out')")
    client.page.wait_for_selector("#result[aria-busy=true]")
    client.page.click("text=Español")
    assert "COMPROBADO" not in client.said()
    client.page.evaluate("goOn()")
    client.page.wait_for_selector("#result[data-outcome=failed]")


HELD_UP = """() => {
  const real = crypto.subtle.digest.bind(crypto.subtle);
  const held = new Promise((go) => { globalThis.goOn = go; });
  crypto.subtle.digest = async (...given) => { await held; return real(...given); };
}"""
"""Lets no hash be made until `goOn` is called, as where a file is long."""


def test_it_fits_a_screen_of_320_pixels(browser: Any, tmp_path: Path) -> None:
    client = Client(browser, tmp_path, viewport={"width": 320, "height": 640})
    for file in ("evidence.json", "attacked/evidence/row-left-out.json"):
        client.choose(file)
        client.page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        assert client.page.evaluate("document.documentElement.scrollWidth") <= 320
    client.context.close()


def test_it_is_used_by_keyboard_alone(client: Client) -> None:
    reached = []
    for _ in range(8):
        client.page.keyboard.press("Tab")
        reached.append(client.page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"file", "SUMMARY", "BUTTON"} <= set(reached)
    client.choose("evidence.json")
    assert client.page.evaluate("document.activeElement.id") == "result"


def axe(page: Any) -> list[str]:
    """What axe has against a page: rule and place."""
    if importlib.util.find_spec("axe_playwright_python") is None:
        pytest.skip("no axe here: install axe-playwright-python, which brings it, to run this test")
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    return [f"{one['id']}: {node['target']}" for one in found.response["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_against_the_page_in_any_state(browser: Any, tmp_path: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, locale="en-US", bypass_csp=True)
    page = context.new_page()
    states = STATES if scheme == "light" else {name: STATES[name] for name in ("verified", "failed", "incomplete")}
    for state, (file, key) in states.items():
        page.goto(write_page(tmp_path, (vkeys()[key],) if key else ()).as_uri())
        if file is not None:
            page.set_input_files("#file", str(path(file)))
            page.wait_for_selector(f"{DONE}[data-outcome]")
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
        assert axe(page) == [], state
    context.close()


def test_axe_has_nothing_against_an_accounting(browser: Any, tmp_path: Path) -> None:
    pytest.importorskip("jinja2", reason="the page needs jinja2: install the extra render")
    names = ["en", "es", "large", "none"]
    make_accountings(tmp_path, names)
    for scheme, name in [("dark", "en"), *(("light", name) for name in names)]:
        context = browser.new_context(color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto((tmp_path / f"{name}.html").as_uri())
        assert axe(page) == [], (name, scheme)
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_against_a_letter(browser: Any, tmp_path: Path, scheme: str) -> None:
    pytest.importorskip("jinja2", reason="letters need jinja2: install the extra render")
    from disclosure_ledger.render.letters import ENDINGS, LetterStyle

    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    for kind, letter in letters().items():
        (tmp_path / f"{kind}.html").write_bytes(ENDINGS[".html"].render(letter, LetterStyle(logo=logo_of(png()))))
        page.goto((tmp_path / f"{kind}.html").as_uri())
        assert axe(page) == [], kind
    context.close()


def test_an_accounting_fits_a_screen_of_320_pixels_in_large_print_too(browser: Any, tmp_path: Path) -> None:
    pytest.importorskip("jinja2", reason="the page needs jinja2: install the extra render")
    names = ["en", "es", "large", "large-es"]
    make_accountings(tmp_path, names)
    page = browser.new_page(viewport={"width": 320, "height": 640})
    for name in names:
        page.goto((tmp_path / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.close()


def make_accountings(folder: Path, names: list[str]) -> None:
    release = {"kind": "disclosure", "client": "C-1001", "basis": "court_order", "description": "visit dates"}
    recipient = {"name": "County Court", "address": "9 Court Street\nFairview", "type": "court"}
    more = {"es": ["--language", "es"], "large": ["--large-print"]}
    more["large-es"] = [*more["large"], *more["es"]]
    with time_machine.travel(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):
        desk = Desk(folder).init()
        clients = [{"kind": "client", "client": f"C-100{n}", "name": "Dana Example"} for n in (1, 2)]
        releases = [{**release, "disclosed_on": f"2026-03-0{n}", "recipient": recipient} for n in (1, 2)]
        desk.ok("import", desk.file("records.jsonl", [*clients, *releases]))
        for name in names:
            client = "C-1002" if name == "none" else "C-1001"
            desk.ok(
                *("accounting", "--client", client, "--format", "html"),
                *("--output", f"{name}.html", *more.get(name, [])),
            )

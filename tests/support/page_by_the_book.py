"""A page made by docs/format.md section 13 and docs/letter.json alone: a second implementation, to hold ours to."""

import base64
import hashlib
import itertools
import json
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BOOK = json.loads((Path(__file__).resolve().parents[2] / "docs" / "letter.json").read_text("utf-8"))

STEERING = {0x61C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF}
MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}


def visible(text: str) -> str:
    def acts(mark: str) -> bool:
        return mark != "\n" and (ord(mark) in STEERING or unicodedata.category(mark) in ("Cc", "Cn", "Cs"))

    told = "".join(f"\\u{ord(mark):04x}" if acts(mark) else mark for mark in text)
    runs = itertools.groupby(told, lambda mark: unicodedata.category(mark) in ("Mn", "Me", "Mc", "Cf"))
    return "".join(thinned(run) if on_a_base else "".join(run) for on_a_base, run in runs)


def thinned(run: Iterable[str]) -> str:
    """What stands on one base: of the marks that combine those beyond the fifth as numbers."""
    numbers = itertools.count(1)
    combine = [(mark, unicodedata.category(mark) in ("Mn", "Me")) for mark in run]
    return "".join(f"[U+{ord(mark):04X}]" if one and next(numbers) > 5 else mark for mark, one in combine)


def escaped(text: str) -> str:
    return "".join(MARKS.get(mark, mark) for mark in text)


def put(text: str) -> str:
    return escaped(visible(text))


def br(text: str) -> str:
    return put(text).replace("\n", "<br>")


def fill(phrase: str, **values: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: values[found[1]], phrase)


class Book:
    """One page: language, print size, imprint, picture and square code as it has them, the rest from the evidence."""

    def __init__(
        self, evidence: bytes, *, language: str, large: bool, imprint: str, svg: str, logo: bytes | None = None
    ) -> None:
        self.evidence, self.large, self.imprint, self.svg, self.logo = evidence, large, imprint, svg, logo
        self.it: dict[str, Any] = json.loads(evidence)["accounting"]
        self.words: dict[str, Any] = BOOK["languages"][language]

    def page(self) -> bytes:
        return ("\n".join(self.lines()) + "\n").encode()

    def lines(self) -> Iterable[str]:
        w, it = self.words, self.it
        style, practice = BOOK["style"] + (BOOK["logo_style"] if self.logo else ""), it["practice"]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        yield "<!doctype html>"
        yield f'<html lang="{w["language"]}"' + (' class="large">' if self.large else ">")
        yield "<head>"
        yield '<meta charset="utf-8">'
        images = " img-src data:;" if self.logo else ""
        policy = f"default-src 'none'; style-src 'sha256-{digest}';{images} base-uri 'none'; form-action 'none'"
        yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield '<meta name="referrer" content="no-referrer">'
        yield '<meta name="robots" content="noindex">'
        yield f'<meta name="generator" content="{self.imprint}">'
        yield f"<title>{escaped(w['title'])}</title>"
        yield f"<style>{style}</style>"
        yield from ("</head>", "<body>", '<div class="sheet">', "<header>")
        if self.logo:
            form, label = "png" if self.logo[0] == 0x89 else "jpeg", fill(w["logo"], practice=practice["name"])
            uri = f"data:image/{form};base64,{base64.b64encode(self.logo).decode()}"
            yield f'<img src="{uri}" alt="{put(label).replace(chr(10), " ")}">'
        yield f'<p class="practice" dir="auto">{put(practice["name"])}</p>'
        for text in (practice["address"], practice["contact"]):
            for line in text.split("\n") if text else ():
                yield f'<p dir="auto">{put(line)}</p>'
        yield from ("</header>", "<main>", f"<h1>{escaped(w['title'])}</h1>")
        yield f'<p class="subtitle">{escaped(w["subtitle"])}</p>'
        yield '<dl class="facts">'
        yield from self.pairs(self.facts())
        yield "</dl>"
        before, after = self.sections()
        yield from before
        yield from self.rows()
        yield from self.studies()
        yield from after
        yield from self.check()
        running = f"{w['confidential']} · {w['client_number']} {it['client']['number']} · {practice['name']}"
        yield from ("</main>", f'<footer><p dir="auto">{put(running).replace(chr(10), " ")}</p></footer>', "</div>")
        inside = self.evidence.decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        yield f'<script type="application/json" id="evidence">{inside}</script>'
        yield from ("</body>", "</html>")

    def pairs(self, facts: Iterable[tuple[str, str]]) -> Iterable[str]:
        for label, text in facts:
            yield f'<dt>{escaped(self.words[label])}</dt><dd dir="auto">{br(text)}</dd>'

    def day(self, iso: str) -> str:
        year, month, day = iso.split("-")
        w = self.words
        return fill(w["date_order"], year=str(int(year)), month=w["months"][int(month) - 1], day=str(int(day)))

    def span(self, first: str, last: str) -> str:
        if first == last:
            return self.day(first)
        return fill(self.words["from_to"], first=self.day(first), last=self.day(last))

    def facts(self) -> Iterable[tuple[str, str]]:
        w, it = self.words, self.it
        number, name = f"{w['client_number']} {it['client']['number']}", it["client"]["name"]
        yield "client", f"{name}\n{number}" if name else number
        if it["request"]["requester"] == "representative":
            yield "asked_by", w["a_representative"]
        if it["request"]["id"] is not None:
            yield "request", it["request"]["id"]
        yield "requested_on", self.day(it["request"]["requested_on"])
        yield "issued_on", self.day(it["issued_on"])
        yield "period", self.span(it["period"]["from"], it["period"]["to"])
        count, rows = sum(row.get("count", 1) for row in it["rows"]), len(it["rows"])
        summed = fill(w["entries_summed"], count=str(count), rows=str(rows))
        yield "entries", w["entries_none"] if not count else str(count) if count == rows else summed
        yield "cost", w["free"] if it["fee"] == "0.00" else f"${it['fee']}"

    def sections(self) -> tuple[list[str], list[str]]:
        w, said = self.words, self.it["statements"]
        if said != list(w["statements"])[:7]:
            return list(self.section("about", said)), []
        before = [*self.section("about", [said[0], said[3]]), *self.section("questions", said[4:])]
        return before, list(self.section("left_out", said[1:3]))

    def section(self, heading: str, texts: Iterable[str]) -> Iterable[str]:
        yield f"<h2>{escaped(self.words[heading])}</h2>"
        for text in texts:
            yield f"<p>{br(self.words['statements'].get(text, text))}</p>"

    def rows(self) -> Iterable[str]:
        w = {name: escaped(self.words[name]) for name in ("releases", "nothing", "when", "who", "what", "why")}
        if not self.it["rows"]:
            yield from (f"<h2>{w['releases']}</h2>", f"<p>{w['nothing']}</p>")
            return
        yield f'<h2 id="releases">{w["releases"]}</h2>'
        yield from ('<table role="table" aria-labelledby="releases">', '<thead role="rowgroup">')
        heads = (f'<th role="columnheader" scope="col">{w[name]}</th>' for name in ("when", "who", "what", "why"))
        yield f'<tr role="row">{"".join(heads)}</tr>'
        yield from ("</thead>", '<tbody role="rowgroup">')
        yield from (self.row(row, w) for row in self.it["rows"])
        yield from ("</tbody>", "</table>")

    def row(self, row: dict[str, Any], w: dict[str, str]) -> str:
        named = (row["recipient"].get(part) for part in ("name", "organization", "address"))
        first, *others = [line for text in named if text for line in put(text).split("\n")]
        who = f"<strong>{first}</strong>" + "".join(f"<br><span>{line}</span>" for line in others)
        cells = (("what", br(row["description"])), ("why", br(row["purpose"])))
        said = (f'<td role="cell" data-head="{w[name]}" dir="auto">{text}</td>' for name, text in cells)
        return (
            f'<tr role="row"><th role="rowheader" scope="row">{br(self.when(row))}</th>'
            f'<td role="cell" class="who" data-head="{w["who"]}" dir="auto">{who}</td>{"".join(said)}</tr>'
        )

    def when(self, row: dict[str, Any]) -> str:
        if "count" in row:
            first, last = self.day(row["first"]), self.day(row["last"])
            return fill(self.words["times"], count=str(row["count"]), first=first, last=last)
        if isinstance(date := row["date"], str):
            return self.day(date)
        if "after" in date:
            return fill(self.words["after"], interval=date["interval"], day=self.day(date["after"]))
        return self.span(date["from"], date["to"])

    def studies(self) -> Iterable[str]:
        if self.it["research"]:
            yield f"<h2>{escaped(self.words['studies'])}</h2>"
        for study in self.it["research"]:
            yield from (f'<h3 dir="auto">{br(study["protocol"])}</h3>', "<dl>")
            yield from self.pairs(self.facts_of(study))
            yield "</dl>"

    def facts_of(self, study: dict[str, Any]) -> Iterable[tuple[str, str]]:
        def party(one: dict[str, str]) -> str:
            return "\n".join(one[part] for part in ("name", "address", "telephone") if one.get(part))

        yield "study_about", study["description"]
        yield "study_chosen", study["criteria"]
        yield "study_information", study["information"]
        yield "when", self.span(study["from"], study["last"])
        yield "sponsor", party(study["sponsor"])
        yield "researcher", party(study["researcher"])
        yield "please_note", self.words["statements"].get(study["statement"], study["statement"])

    def check(self) -> Iterable[str]:
        w = {name: escaped(text) for name, text in self.words.items() if isinstance(text, str)}
        values = self.it["checkpoint"].split("\n")[:3]
        yield f"<h2>{w['check']}</h2>"
        yield from (f"<p>{w[name]}</p>" for name in ("check_why", "check_inside", "check_this"))
        yield f"<pre><code>{escaped(BOOK['command'])}</code></pre>"
        yield from ('<div class="seal">', self.svg, "<dl>")
        for name, value in zip(("ledger", "ledger_size", "fingerprint"), values, strict=True):
            yield f"<dt>{w[name]}</dt><dd>{put(value)}</dd>"
        yield from ("</dl>", "</div>")

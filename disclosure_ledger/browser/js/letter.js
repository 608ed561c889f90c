// The page of an accounting, made again to the byte from its evidence (docs/format.md section 13).
//
// LETTER is docs/letter.json: style sheet, command and phrases. From the page itself come its language, its print size, its
// imprint, the picture of its letterhead, and the mask of its square code.

const PAGE_BEGINS = /^<!doctype html>\n<html lang="([A-Za-z-]{2,20})"( class="large")?>\n/;
const PAGE_IMPRINT = /\n<meta name="generator" content="(disclosure-ledger(?: [A-Za-z0-9./+_-]+)+)">\n/;
const SQUARE_CODE =
  /<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 (?<width>[0-9]+) \k<width>" shape-rendering="crispEdges" role="img" aria-label="(?<label>[^"<>]*)"><path fill="#fff" d="M0 0h\k<width>v\k<width>h-\k<width>z"\/><path fill="#000" d="(?<path>(?:M[0-9]+ [0-9]+h[0-9]+v1h-[0-9]+z)*)"\/><\/svg>/;

const EVER_ACTING = String.raw`\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff`;
const ACTING = new RegExp(`[${EVER_ACTING}\\p{Cn}]`, "gu"), ELSE = new RegExp(`[^\\x00-\\x7f${EVER_ACTING}]`, "gu");
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };

const ON_A_BASE = /[\p{M}\p{Cf}]{6,}/gu, MOST_MARKS = 5;

const hex = (mark) => mark.codePointAt(0).toString(16).padStart(4, "0");
/** Text in which nothing acts, nor is drawn over other lines. */
const visible = (text) =>
  text.replace(ACTING, (mark) => (mark === "\n" ? mark : `\\u${hex(mark)}`)).replace(ON_A_BASE, thinned);

/**
 * Text with every character beyond ASCII as its number, but for those that act: equal where two differ only in which of them
 * stand so already. Which are unassigned is for a version of Unicode to say, and this browser's may not be its maker's.
 */
const spelledOut = (text) => text.replace(ELSE, (mark) => `\\u${hex(mark)}`);

/** The marks on one base, those beyond the fifth as their numbers. Joiners and spacing marks do not pile up. */
function thinned(marks) {
  let count = 0;
  return marks.replace(/[\p{Mn}\p{Me}]/gu, (mark) => (++count > MOST_MARKS ? `[U+${hex(mark).toUpperCase()}]` : mark));
}

const escaped = (text) => visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign]);
const broken = (text) => escaped(text).replaceAll("\n", "<br>");
const filled = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

/** What a page says of itself: language, print size, imprint; null where it does not say them. */
function statedInPage(text) {
  const begins = PAGE_BEGINS.exec(text), imprint = PAGE_IMPRINT.exec(text.slice(0, 4096));
  if (begins === null || imprint === null || imprint[1].length > 600) return null;
  return { language: begins[1], large: begins[2] !== undefined, imprint: imprint[1] };
}

/** The square code of a page, if it is that of its checkpoint and has its label; else nothing, so that the page differs. */
function squareCodeIn(text, language, checkpoint) {
  const code = SQUARE_CODE.exec(text), label = escaped(LETTER.languages[language].code_of).replaceAll("&#39;", "&#x27;");
  if (code === null || code.groups.label !== label) return "";
  const named = `${checkpoint.split("\n").slice(0, 3).join("\n")}\n`;
  return isCodeOf(named, code.groups.path, Number(code.groups.width)) ? code[0] : "";
}

/**
 * Whether a page is the one that its evidence makes: `same`, `different`, or `unknown` where that cannot be told; and
 * which of the rows it does not show as they are made.
 */
async function comparePage(bytes, evidence, picture, accounting) {
  const text = textOf(bytes), stated = statedInPage(text);
  if (stated === null || accounting === null || !has(LETTER.languages, stated.language)) return { told: "unknown" };
  const square = squareCodeIn(text, stated.language, accounting.checkpoint);
  const form = picture === null ? null : formOf(picture);
  const logo = form === null ? null : `data:image/${form};base64,${base64Of(picture)}`;
  const page = new LetterPage({ ...stated, logo }, accounting, textOf(evidence), square);
  const again = await page.text();
  if (again === text) return { told: "same" };
  if (stated.imprint.split(" ")[2] !== `page/${LETTER.page}`) return { told: "unknown" };
  if (spelledOut(again) === spelledOut(text)) return { told: "unknown" };
  const made = accounting.rows.map((row) => page.row(row));
  return { told: "different", hidden: lacking(accounting.rows, made, text.split("\n")) };
}

class LetterPage {
  constructor(stated, accounting, evidence, code) {
    Object.assign(this, { stated, it: accounting.value, evidence, code, words: LETTER.languages[stated.language] });
  }

  async text() {
    return `${[...(await this.head()), ...this.body(), ...this.check(), ...this.end()].join("\n")}\n`;
  }

  async head() {
    const { language, large, imprint, logo } = this.stated, title = escaped(this.words.title);
    const style = LETTER.style + (logo ? LETTER.logo_style : ""), images = logo ? " img-src data:;" : "";
    const allowed = base64Of(await sha256(utf8(style)));
    return [
      "<!doctype html>",
      `<html lang="${language}"${large ? ' class="large"' : ""}>`,
      "<head>",
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${allowed}';${images} base-uri 'none'; form-action 'none'">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="referrer" content="no-referrer">',
      '<meta name="robots" content="noindex">',
      `<meta name="generator" content="${imprint}">`,
      `<title>${title}<\/title>`,
      `<style>${style}<\/style>`,
      "<\/head>",
    ];
  }

  body() {
    const { words, it } = this, { practice } = it;
    const lines = [practice.address, practice.contact].filter((one) => one !== null).flatMap((one) => one.split("\n"));
    const label = escaped(filled(words.logo, { practice: practice.name })).replaceAll("\n", " ");
    return [
      "<body>", '<div class="sheet">', "<header>",
      ...(this.stated.logo ? [`<img src="${this.stated.logo}" alt="${label}">`] : []),
      `<p class="practice" dir="auto">${escaped(practice.name)}<\/p>`,
      ...lines.map((line) => `<p dir="auto">${escaped(line)}<\/p>`),
      "<\/header>", "<main>",
      `<h1>${escaped(words.title)}<\/h1>`,
      `<p class="subtitle">${escaped(words.subtitle)}<\/p>`,
      '<dl class="facts">', ...this.facts().map(factLine), "<\/dl>",
      ...this.sections(true), ...this.rows(), ...this.studies(), ...this.sections(false),
    ];
  }

  facts() {
    const { words, it } = this, { client, request } = it;
    const number = `${words.client_number} ${client.number}`, count = it.rows.reduce((sum, row) => sum + (row.count ?? 1), 0);
    const summed = filled(words.entries_summed, { count, rows: it.rows.length });
    return [
      [words.client, client.name ? `${client.name}\n${number}` : number],
      request.requester === "representative" ? [words.asked_by, words.a_representative] : null,
      request.id !== null ? [words.request, request.id] : null,
      [words.requested_on, this.day(request.requested_on)],
      [words.issued_on, this.day(it.issued_on)],
      [words.period, this.span(it.period.from, it.period.to)],
      [words.entries, count === 0 ? words.entries_none : count === it.rows.length ? String(count) : summed],
      [words.cost, it.fee === "0.00" ? words.free : `$${it.fee}`],
    ].filter((one) => one !== null);
  }

  day(day) {
    const [year, month, number] = day.split("-").map(Number);
    return filled(this.words.date_order, { day: number, month: this.words.months[month - 1], year });
  }

  span(from, to) {
    return from === to ? this.day(from) : filled(this.words.from_to, { first: this.day(from), last: this.day(to) });
  }

  sections(before) {
    const { words, it } = this, usual = Object.keys(words.statements).slice(0, 7), found = it.statements;
    const isUsual = found.length === 7 && usual.every((text, place) => text === found[place]);
    const pick = (heading, ...places) => [heading, places.map((place) => found[place])];
    let sections;
    if (!isUsual) sections = before ? [[words.about, found]] : [];
    else sections = before ? [pick(words.about, 0, 3), pick(words.questions, 4, 5, 6)] : [pick(words.left_out, 1, 2)];
    return sections.flatMap(([heading, texts]) => [
      `<h2>${escaped(heading)}<\/h2>`, ...texts.map((text) => `<p>${broken(this.translated(text))}<\/p>`),
    ]);
  }

  translated(text) {
    const { statements } = this.words;
    return has(statements, text) ? statements[text] : text;
  }

  rows() {
    const { words, it } = this;
    if (!it.rows.length) return [`<h2>${escaped(words.releases)}<\/h2>`, `<p>${escaped(words.nothing)}<\/p>`];
    const heads = [words.when, words.who, words.what, words.why].map(
      (head) => `<th role="columnheader" scope="col">${escaped(head)}<\/th>`,
    );
    return [
      `<h2 id="releases">${escaped(words.releases)}<\/h2>`,
      '<table role="table" aria-labelledby="releases">', '<thead role="rowgroup">',
      `<tr role="row">${heads.join("")}<\/tr>`,
      "<\/thead>", '<tbody role="rowgroup">', ...it.rows.map((row) => this.row(row)), "<\/tbody>", "<\/table>",
    ];
  }

  row(row) {
    const { words } = this, [first, ...more] = recipientLines(row.recipient);
    const who = `<strong>${escaped(first)}<\/strong>${more.map((line) => `<br><span>${escaped(line)}<\/span>`).join("")}`;
    const cell = (head, inside, kind = "") => `<td role="cell"${kind} data-head="${escaped(head)}" dir="auto">${inside}<\/td>`;
    return (
      `<tr role="row"><th role="rowheader" scope="row">${broken(this.when(row))}<\/th>` +
      cell(words.who, who, ' class="who"') + cell(words.what, broken(row.description)) +
      `${cell(words.why, broken(row.purpose))}<\/tr>`
    );
  }

  when(row) {
    const { words } = this;
    if (has(row, "count")) {
      return filled(words.times, { count: row.count, first: this.day(row.first), last: this.day(row.last) });
    }
    if (typeof row.date === "string") return this.day(row.date);
    if (has(row.date, "after")) {
      return filled(words.after, { interval: row.date.interval, day: this.day(row.date.after) });
    }
    return this.span(row.date.from, row.date.to);
  }

  studies() {
    const { words, it } = this;
    if (!it.research.length) return [];
    const party = ({ name, address, telephone }) => [name, address, telephone].join("\n");
    return [`<h2>${escaped(words.studies)}<\/h2>`, ...it.research.flatMap((study) => [
      `<h3 dir="auto">${broken(study.protocol)}<\/h3>`, "<dl>",
      ...[
        [words.study_about, study.description], [words.study_chosen, study.criteria],
        [words.study_information, study.information], [words.when, this.span(study.from, study.last)],
        [words.sponsor, party(study.sponsor)], [words.researcher, party(study.researcher)],
        [words.please_note, this.translated(study.statement)],
      ].map(factLine),
      "<\/dl>",
    ])];
  }

  check() {
    const { words, it } = this, [origin, size, root] = it.checkpoint.split("\n");
    return [
      `<h2>${escaped(words.check)}<\/h2>`,
      ...[words.check_why, words.check_inside, words.check_this].map((text) => `<p>${escaped(text)}<\/p>`),
      `<pre><code>${escaped(LETTER.command)}<\/code><\/pre>`,
      '<div class="seal">', this.code, "<dl>",
      `<dt>${escaped(words.ledger)}<\/dt><dd>${escaped(origin)}<\/dd>`,
      `<dt>${escaped(words.ledger_size)}<\/dt><dd>${escaped(size)}<\/dd>`,
      `<dt>${escaped(words.fingerprint)}<\/dt><dd>${escaped(root)}<\/dd>`,
      "<\/dl>", "<\/div>", "<\/main>",
    ];
  }

  end() {
    const { words, it } = this;
    const foot = `${words.confidential} · ${words.client_number} ${it.client.number} · ${it.practice.name}`;
    const inside = this.evidence.replaceAll("&", "\\u0026").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
    return [
      `<footer><p dir="auto">${escaped(foot).replaceAll("\n", " ")}<\/p><\/footer>`, "<\/div>",
      `<script type="application/json" id="evidence">${inside}<\/script>`, "<\/body>", "<\/html>",
    ];
  }
}

const factLine = ([label, text]) => `<dt>${escaped(label)}<\/dt><dd dir="auto">${broken(text)}<\/dd>`;

const recipientLines = ({ name, organization = null, address = null }) =>
  [name, organization, address].filter((one) => one !== null).flatMap((one) => one.split("\n"));

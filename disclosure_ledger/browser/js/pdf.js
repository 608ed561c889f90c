// The list that a PDF's structure tree holds, against the list that its evidence makes (docs/format.md section 13).
//
// A difference is a fault. Equality proves nothing of what is seen, so a PDF is never more than incomplete here.

/** Whether a PDF's list is that of its accounting: `different`, with the rows that it lacks; or `unknown`, at best. */
async function comparePdf(bytes, accounting) {
  if (accounting === null) return { told: "unknown" };
  return attempt(async () => {
    const pdf = new Pdf(bytes);
    if (pdf.isStrange() || !(await hasItsFiles(pdf, bytes))) return { told: "different" };
    const language = String(pdf.get(pdf.trailer.get("Root"), "Lang"));
    if (!has(LETTER.languages, language)) return { told: "unknown" };
    const printed = (await taggedRows(pdf)).map((cells) => cells.map(comparable));
    const page = new LetterPage({ language }, accounting, "", "");
    const made = accounting.value.rows.map((row) => cellsOf(page, row).map((text) => comparable(visible(text))));
    if (JSON.stringify(printed) === JSON.stringify(made)) return { told: "unknown" };
    const [ours, theirs] = [made, printed].map((rows) => rows.map((cells) => JSON.stringify(cells)));
    return { told: "different", hidden: lacking(accounting.rows, ours, theirs) };
  }, () => ({ told: "unknown" }));
}

/** The rows' cells. What has another structure than the reader asks for, in whatever place, is malformed. */
async function taggedRows(pdf) {
  try {
    return await new TaggedText(pdf).rows();
  } catch (error) {
    throw error instanceof TypeError || error instanceof RangeError ? new Malformed("expected a tagged table") : error;
  }
}

const cellsOf = (page, row) => [page.when(row), recipientLines(row.recipient).join("\n"), row.description, row.purpose];

/** Letters with marks, or marks alone, that stand twice or more side by side. */
const SAID_AGAIN = /((?:\P{M}\p{M}{0,8}){0,4}?\P{M}?\p{M}{1,8}(?:\P{M}\p{M}{0,8}){0,4}?)\1+/gu;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]/u;

/**
 * Text without white space and what is never seen; a character that no font has is printed as its number. Where letters and
 * their marks are drawn by several glyphs, each may stand for all of them: what is said again at once counts once. What runs
 * from right to left stands in the order in which it is drawn, and its joined letters come more than once: of such a text
 * only the other letters and the digits are compared, in an order of their own.
 */
function comparable(text) {
  const spelled = text.replace(/\[U\+(10[0-9A-F]{4}|[0-9A-F]{4,5})\]/g, (_, number) => String.fromCodePoint(parseInt(number, 16)));
  const seen = spelled.replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, "").normalize("NFC");
  if (RIGHT_TO_LEFT.test(seen)) {
    return (seen.match(/[\p{L}\p{N}]/gu) ?? []).filter((letter) => !RIGHT_TO_LEFT.test(letter)).sort().join("");
  }
  return spelledOut(seen.replace(SAID_AGAIN, "$1"));
}

/** The text of a PDF by its structure tree. */
class TaggedText {
  constructor(pdf) {
    Object.assign(this, { pdf, pages: new Map(), fonts: new Map(), steps: 0 });
  }

  /** The cells of each row in the body of the one table; no rows where there is no table. */
  async rows() {
    const tables = this.under(this.pdf.get(this.pdf.trailer.get("Root"), "StructTreeRoot"), "Table");
    if (!tables.length) return [];
    if (tables.length > 1) throw new Malformed("expected one table");
    const rows = this.under(tables[0], "TBody").flatMap((body) => this.under(body, "TR")), found = [];
    for (const row of rows) {
      const cells = [];
      for (const cell of this.under(row, "TD")) cells.push(await this.text(cell, null));
      found.push(cells);
    }
    return found;
  }

  /** The elements of a kind under another, not those inside of them. */
  under(element, kind, depth = 0) {
    if (depth > 64) throw new Malformed("expected a tree that is not so deep");
    return this.kids(element).flatMap((kid) => {
      if (!(kid instanceof Map)) return [];
      return String(kid.get("S")) === kind ? [kid] : this.under(kid, kind, depth + 1);
    });
  }

  /** What is inside of an element. A tree whose elements hold each other has no end that anybody could wait for. */
  kids(element) {
    if (++this.steps > MOST_ELEMENTS) throw new Malformed(`expected a tree of at most ${MOST_ELEMENTS} elements`);
    const kids = this.pdf.resolve(element?.get?.("K"));
    return (Array.isArray(kids) ? kids : kids === undefined ? [] : [kids]).map((kid) => this.pdf.resolve(kid));
  }

  async text(element, page, depth = 0) {
    if (depth > 64) throw new Malformed("expected a tree that is not so deep");
    const own = element.get("Pg") ?? page, parts = [];
    for (const kid of this.kids(element)) {
      if (typeof kid === "number") parts.push((await this.page(own)).get(kid) ?? "");
      else if (kid.has("MCID")) parts.push((await this.page(kid.get("Pg") ?? own)).get(kid.get("MCID")) ?? "");
      else parts.push(await this.text(kid, own, depth + 1));
    }
    return parts.join("");
  }

  /** The text of each marked-content sequence of a page. */
  async page(reference) {
    if (!(reference instanceof Reference)) throw new Malformed("expected a page");
    if (!this.pages.has(reference.number)) this.pages.set(reference.number, await this.readPage(reference));
    return this.pages.get(reference.number);
  }

  async readPage(reference) {
    const page = this.pdf.resolve(reference), fonts = this.pdf.get(this.pdf.get(page, "Resources"), "Font");
    const reader = new PdfReader(await this.pdf.content(page.get("Contents"))), found = new Map(), open = [];
    let operands = [], font = null;
    const add = (text) => {
      const mark = open.findLast((one) => typeof one === "number");
      if (mark !== undefined) found.set(mark, (found.get(mark) ?? "") + text);
    };
    const show = (text) => {
      if (!open.includes("replaced")) add(mapped(font, text));
    };
    const begin = (values) => {
      const replacement = values?.get?.("ActualText"); // what a cluster of glyphs stands for (14.9.4)
      if (replacement !== undefined && !open.includes("replaced")) add(textString(replacement));
      open.push(replacement !== undefined ? "replaced" : values?.get?.("MCID") ?? null);
    };
    for (let one = reader.next(); one !== undefined; one = reader.next()) {
      if (one?.word === undefined) {
        operands.push(one);
        continue;
      }
      if (one.word === "BDC" || one.word === "BMC") begin(operands[1]);
      if (one.word === "EMC") open.pop();
      if (one.word === "Tf") font = await this.font(fonts.get(String(operands[0])));
      if (one.word === "Tj" || one.word === "'" || one.word === '"') show(operands[operands.length - 1]);
      if (one.word === "TJ") operands[0].filter((part) => typeof part === "string").forEach(show);
      operands = [];
    }
    return found;
  }

  /** What each code of a font stands for, by its ToUnicode. */
  async font(reference) {
    if (this.fonts.has(reference.number)) return this.fonts.get(reference.number);
    const map = new Map(), ranges = [], reader = new PdfReader(await this.pdf.content(this.pdf.resolve(reference).get("ToUnicode")));
    let operands = [];
    for (let one = reader.next(); one !== undefined; one = reader.next()) {
      if (one?.word === undefined) {
        operands.push(one);
        continue;
      }
      if (one.word === "endbfchar") for (let at = 0; at + 1 < operands.length; at += 2) map.set(operands[at], utf16(operands[at + 1]));
      if (one.word === "endbfrange") for (let at = 0; at + 2 < operands.length; at += 3) ranges.push(operands.slice(at, at + 3));
      operands = [];
    }
    const codes = ranges.reduce((sum, [first, last]) => sum + codeOf(last) - codeOf(first) + 1, 0);
    if (codes > MOST_CODES) throw new Malformed(`expected ranges of at most ${MOST_CODES} codes in a font`);
    ranges.forEach((range) => mapRange(map, ...range));
    this.fonts.set(reference.number, map);
    return map;
  }
}

const MOST_ELEMENTS = 2_000_000; // a list of the longest evidence has a tenth of them
const MOST_CODES = 65_536; // a code has two bytes: more would only keep the reader waiting

const codeOf = (text) => text.charCodeAt(0) * 256 + text.charCodeAt(1);
const textOfCode = (code) => String.fromCharCode(code >> 8, code & 0xff);

function mapRange(map, first, last, target) {
  for (let code = codeOf(first); code <= codeOf(last); code++) {
    const step = code - codeOf(first);
    if (Array.isArray(target)) map.set(textOfCode(code), utf16(target[step]));
    else map.set(textOfCode(code), utf16(target.slice(0, -1) + String.fromCharCode(target.charCodeAt(target.length - 1) + step)));
  }
}

/** A text string (7.9.2.2): UTF-16 under a mark, else one byte a sign; Typst writes ASCII so. */
const textString = (raw) => raw.startsWith("\xfe\xff") ? utf16(raw.slice(2)) : raw;

const utf16 = (text) => new TextDecoder("utf-16be").decode(Uint8Array.from(text, (sign) => sign.charCodeAt(0)));

function mapped(font, text) {
  if (font === null) throw new Malformed("expected text in a font");
  return (text.match(/[^]{2}/g) ?? []).map((code) => font.get(code) ?? "\ufffd").join("");
}

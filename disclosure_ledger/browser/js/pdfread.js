// The objects of a PDF as this project writes them: a plain cross-reference table, no object streams (ISO 32000-1, 7.5).

const PDF_SPACE = /[\0\t\n\f\r ]/, PDF_END = /[\0\t\n\f\r ()<>[\]{}\/%]/;
const FORBIDDEN = ["ObjStm", "Encrypt", "Annots", "AcroForm", "JavaScript", "JS", "OCProperties"];

class Name extends String {}
class Reference {
  constructor(number) {
    this.number = number;
  }
}

/** Reads one value after the other out of a text of Latin-1. */
class PdfReader {
  constructor(text, place = 0) {
    Object.assign(this, { text, place });
  }

  skip() {
    while (this.place < this.text.length) {
      if (this.text[this.place] === "%") this.place = this.lineEnd();
      else if (PDF_SPACE.test(this.text[this.place])) this.place++;
      else return;
    }
  }

  lineEnd() {
    const end = this.text.slice(this.place).search(/[\r\n]/);
    return end < 0 ? this.text.length : this.place + end;
  }

  /** The next value; an operator or keyword is a symbol's text in an object of its own; undefined at the end. */
  next(depth = 0) {
    this.skip();
    if (depth > 64) throw new Malformed("expected values that are not so deep");
    const { text, place } = this, sign = text[place];
    if (sign === undefined) return undefined;
    if (sign === "/") return new Name(this.word(1));
    if (sign === "(") return this.literal();
    if (text.startsWith("<<", place)) return this.dictionary(depth);
    if (sign === "<") return this.hexadecimal();
    if (sign === "[") return this.array(depth);
    if (sign === "]" || text.startsWith(">>", place)) {
      this.place += sign === "]" ? 1 : 2;
      return { word: sign === "]" ? "]" : ">>" };
    }
    return this.numberOrWord();
  }

  word(skipped = 0) {
    const start = this.place + skipped;
    let end = start;
    while (end < this.text.length && !PDF_END.test(this.text[end])) end++;
    this.place = Math.max(end, this.place + 1);
    return this.text.slice(start, end);
  }

  numberOrWord() {
    const reference = /^(\d{1,9}) \d{1,5} R(?![^\0\t\n\f\r ()<>[\]{}\/%])/.exec(this.text.slice(this.place, this.place + 24));
    if (reference) {
      this.place += reference[0].length;
      return new Reference(Number(reference[1]));
    }
    const found = this.word();
    return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(found) ? Number(found) : { word: found };
  }

  array(depth) {
    const found = [];
    this.place++;
    for (let one = this.next(depth + 1); one?.word !== "]"; one = this.next(depth + 1)) {
      if (one === undefined) throw new Malformed("expected an array that ends");
      found.push(one);
    }
    return found;
  }

  dictionary(depth) {
    const found = new Map();
    this.place += 2;
    for (let key = this.next(depth + 1); key?.word !== ">>"; key = this.next(depth + 1)) {
      if (!(key instanceof Name)) throw new Malformed("expected a dictionary that ends");
      found.set(String(key), this.next(depth + 1));
    }
    return found;
  }

  hexadecimal() {
    const end = this.text.indexOf(">", this.place);
    if (end < 0) throw new Malformed("expected a string that ends");
    const digits = this.text.slice(this.place + 1, end).replace(/\s/g, "");
    this.place = end + 1;
    return (digits.length % 2 ? `${digits}0` : digits).replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
  }

  literal() {
    const plain = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
    let found = "", open = 1;
    for (let at = this.place + 1; at < this.text.length; at++) {
      let sign = this.text[at];
      if (sign === "\\") {
        const octal = /^[0-7]{1,3}/.exec(this.text.slice(at + 1, at + 4));
        if (octal) sign = String.fromCharCode(parseInt(octal[0], 8) & 0xff);
        else sign = plain[this.text[at + 1]] ?? (/[\r\n]/.test(this.text[at + 1]) ? "" : this.text[at + 1]);
        at += octal ? octal[0].length : 1;
      } else if (sign === "(") {
        open++;
      } else if (sign === ")" && --open === 0) {
        this.place = at + 1;
        return found;
      }
      found += sign;
    }
    throw new Malformed("expected a string that ends");
  }
}

class Pdf {
  constructor(bytes) {
    this.bytes = bytes;
    this.text = new TextDecoder("latin1").decode(bytes);
    this.offsets = this.readOffsets();
    this.read = new Map();
    for (const number of this.offsets.keys()) this.object(number);
  }

  /** What no PDF of this project holds outside of its streams and strings. */
  isStrange() {
    const after = this.text.slice(this.text.indexOf("%%EOF", this.text.lastIndexOf("startxref")) + 5);
    const known = (value) => {
      if (value instanceof Name) return !FORBIDDEN.includes(String(value));
      if (Array.isArray(value)) return value.every(known);
      if (value instanceof Map) return [...value].every(([key, one]) => !FORBIDDEN.includes(key) && known(one));
      return true;
    };
    const values = [...this.read.values()].map((one) => one.value);
    return after.trim() !== "" || this.text.split("startxref").length !== 2 || ![this.trailer, ...values].every(known);
  }

  readOffsets() {
    const [, start] = /startxref\s+(\d{1,12})\s+%%EOF/.exec(this.text.slice(-2048)) ?? [];
    const [head, first, count] = /^xref\s+(\d+) (\d+)\s+/.exec(this.text.slice(Number(start), Number(start) + 64)) ?? [];
    if (head === undefined || first !== "0") throw new Malformed("expected a plain cross-reference table");
    const begin = Number(start) + head.length, offsets = new Map();
    for (let number = 0; number < Number(count); number++) {
      const entry = /^(\d{10}) \d{5} ([nf])/.exec(this.text.slice(begin + number * 20, begin + number * 20 + 20));
      if (entry === null) throw new Malformed("expected a plain cross-reference table");
      if (entry[2] === "n") offsets.set(number, Number(entry[1]));
    }
    const reader = new PdfReader(this.text, begin + Number(count) * 20);
    if (reader.next()?.word !== "trailer") throw new Malformed("expected a trailer");
    this.trailer = reader.next();
    if (!(this.trailer instanceof Map)) throw new Malformed("expected a trailer that is a dictionary");
    return offsets;
  }

  /** An object by its number: its value, and where the content of its stream begins, if it is one. */
  object(number) {
    if (this.read.has(number)) return this.read.get(number);
    const offset = this.offsets.get(number), reader = new PdfReader(this.text, offset);
    if (offset === undefined || reader.next() !== number || reader.next() !== 0 || reader.next()?.word !== "obj") {
      throw new Malformed("expected an object at its place");
    }
    const value = reader.next();
    const stream = /^\s*stream\r?\n/.exec(this.text.slice(reader.place, reader.place + 16));
    const found = { value, begin: stream ? reader.place + stream[0].length : null };
    this.read.set(number, found);
    return found;
  }

  resolve(value) {
    return value instanceof Reference ? this.object(value.number).value : value;
  }

  get(dictionary, key) {
    return this.resolve(this.resolve(dictionary)?.get?.(key));
  }

  /** The content of a stream that is plain or deflated, as Latin-1. */
  async content(reference) {
    const { value, begin } = this.object(reference.number), filter = value.get("Filter");
    const packed = this.bytes.subarray(begin, begin + value.get("Length"));
    const plain = filter === undefined ? packed : await inflated(packed, "deflate", MOST_EVIDENCE);
    return new TextDecoder("latin1").decode(plain);
  }
}

// JSON of section 1: RFC 8785, restricted. Read, written again, and refused where it differs by a byte.
//
// Objects have no prototype, so that no member's name means anything to the language.

const MOST_DEPTH = 32;

/** The value that canonical bytes name. */
function readJson(bytes) {
  const text = textOf(bytes);
  const reader = { text, place: 0 };
  const value = readValue(reader, 0);
  if (reader.place !== text.length || writeJson(value) !== text) {
    throw new Malformed("expected JSON in the canonical form of RFC 8785");
  }
  return value;
}

/** The one spelling of a value that `readJson` gave, or of a part of it. */
function writeJson(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value); // for well-formed text this is RFC 8785
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${writeJson(value[key])}`).join(",")}}`;
}

/** The `format` that an object of JSON announces, however it is spelt: for telling versions and files apart only. */
function announcedFormat(bytes) {
  try {
    const announced = JSON.parse(textOf(bytes))?.format;
    return typeof announced === "string" ? announced : null;
  } catch {
    return null;
  }
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

const has = (value, key) => Object.prototype.hasOwnProperty.call(value, key);

/** Names in one spelling whatever their order: quoted, so that one name with a comma is not two. */
const spelledNames = (names) => JSON.stringify([...names].sort());

/** The value, if it is an object with exactly these members. */
function object(value, ...members) {
  if (!isObject(value) || spelledNames(Object.keys(value)) !== spelledNames(members)) {
    throw new Malformed(`expected an object with ${members.join(", ")}, and no other member`);
  }
  return value;
}

function list(value) {
  if (!Array.isArray(value)) throw new Malformed("expected a list");
  return value;
}

function string(value) {
  if (typeof value !== "string") throw new Malformed("expected text");
  return value;
}

const hashes = (value) => list(value).map((one) => hashOf(string(one)));

function readValue(reader, depth) {
  const sign = reader.text[reader.place];
  if (sign === '"') return readText(reader);
  if (sign === "{" || sign === "[") {
    if (depth === MOST_DEPTH) throw new Malformed(`expected at most ${MOST_DEPTH} levels`);
    return sign === "{" ? readObject(reader, depth + 1) : readList(reader, depth + 1);
  }
  for (const [word, value] of [["null", null], ["true", true], ["false", false]]) {
    if (reader.text.startsWith(word, reader.place)) {
      reader.place += word.length;
      return value;
    }
  }
  return readInteger(reader);
}

function readInteger(reader) {
  const found = matched(reader, /-?(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/y);
  const number = Number(found);
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) throw new Malformed("expected integers within 2^53-1");
  return number;
}

function readText(reader) {
  const found = matched(reader, /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y);
  const text = JSON.parse(found);
  if (!text.isWellFormed()) throw new Malformed("expected Unicode text");
  if (text.normalize("NFC") !== text) throw new Malformed("expected strings in Unicode form NFC");
  return text;
}

function readList(reader, depth) {
  const found = [];
  reader.place++;
  while (reader.text[reader.place] !== "]") {
    if (found.length) expect(reader, ",");
    found.push(readValue(reader, depth));
  }
  reader.place++;
  return found;
}

function readObject(reader, depth) {
  const found = Object.create(null);
  let before = false;
  reader.place++;
  while (reader.text[reader.place] !== "}") {
    if (before) expect(reader, ",");
    const key = readText(reader);
    if (!isAscii(key) || has(found, key)) throw new Malformed("expected ASCII keys, each once");
    expect(reader, ":");
    found[key] = readValue(reader, depth);
    before = true;
  }
  reader.place++;
  return found;
}

function expect(reader, sign) {
  if (reader.text[reader.place] !== sign) throw new Malformed("expected JSON");
  reader.place++;
}

function matched(reader, pattern) {
  pattern.lastIndex = reader.place;
  const found = pattern.exec(reader.text);
  if (found === null) throw new Malformed("expected JSON");
  reader.place = pattern.lastIndex;
  return found[0];
}

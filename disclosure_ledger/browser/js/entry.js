// Entries: a signed note whose text is one line of JSON, the header (docs/format.md sections 3 and 4).

const MOST_ENTRY = 65_535;
const FORMAT = "disclosure-ledger/v1";
const ALWAYS = ["index", "kind", "origin", "previous", "recorded_at", "v"];
const SHAPES = [["content"], ["content", "stream"], ["public"]].map((more) => spelledNames([...ALWAYS, ...more]));
const NO_PREVIOUS = new Uint8Array(HASH_SIZE);

/** The entry that these bytes are, its signature unverified. */
async function readEntry(raw) {
  if (raw.length > MOST_ENTRY) throw new Malformed(`expected a note of at most ${MOST_ENTRY} bytes`);
  const note = readNote(raw);
  const header = readJson(note.text.subarray(0, -1));
  const entry = await entryOf(header);
  if (note.lines.length !== 1) throw new Malformed("expected one signature line");
  return { ...entry, note, raw, signature: note.lines[0], leaf: await leafHash(raw) };
}

async function entryOf(header) {
  if (!isObject(header)) throw new Malformed("expected a header that is an object");
  if (Number.isInteger(header.v) && header.v > 1) throw new UnknownVersion(`expected version 1, found ${header.v}`);
  if (header.v !== 1 || !SHAPES.includes(spelledNames(Object.keys(header)))) {
    throw new Malformed("expected the members of a header, and no other");
  }
  const { index, kind } = header;
  if (!isCount(index) || (index === 0) !== (kind === "genesis")) {
    throw new Malformed("expected an index from 0 on, and a genesis as entry 0 and nowhere else");
  }
  const entry = {
    index,
    kind: string(kind),
    origin: originOf(string(header.origin)),
    previous: hashOf(string(header.previous)),
    recordedAt: instant(string(header.recorded_at)),
    root: null,
    stream: null,
  };
  if (has(SEALED_KINDS, kind)) return { ...entry, ...sealedPart(header) };
  if (has(PUBLIC_KINDS, kind)) return { ...entry, ...(await publicPart(header)) };
  throw new Malformed("expected a kind of the format's table");
}

function sealedPart(header) {
  if (!has(header, "content")) throw new Malformed(`expected ${header.kind} with content`);
  const content = object(header.content, "fields", "root");
  if (content.fields !== SEALED_KINDS[header.kind].length) throw new Malformed(`expected another number of fields`);
  return { root: hashOf(string(content.root)), stream: has(header, "stream") ? streamPart(header.stream) : null };
}

function streamPart(value) {
  const { tag, position, previous } = object(value, "position", "previous", "tag");
  if (!isCount(position) || (position === 0) !== (previous === null)) {
    throw new Malformed("expected a position from 0 on, and a previous entry after it");
  }
  return { tag: hashOf(string(tag)), position, previous: previous === null ? null : hashOf(string(previous)) };
}

async function publicPart(header) {
  if (!has(header, "public")) throw new Malformed(`expected ${header.kind} public`);
  const said = object(header.public, ...PUBLIC_KINDS[header.kind]);
  switch (header.kind) {
    case "stream_map":
      if (said.size !== header.index || !isCount(said.streams)) throw new Malformed("expected a map of all before it");
      return { map: { root: hashOf(string(said.root)), streams: said.streams } };
    case "erasure":
      expectTexts(said.authority, said.reason);
      return { erased: readRanges(said.entries, header.index) };
    case "log_key_rotated":
      return { logKeys: await readLogKeys(said, header.origin) };
    case "genesis":
      return readGenesis(said, header.origin);
    default:
      return { recorder: await readRecorder(said.recorder, header.origin) };
  }
}

async function readGenesis(said, origin) {
  const logKeys = await readLogKeys(said, origin), recorder = await readRecorder(said.recorder, origin);
  if (logKeys[0].hex === recorder.hex) throw new Malformed("expected no public key in two roles");
  expectTexts(said.practice);
  if (said.format !== FORMAT) throw new Malformed(`expected the format ${FORMAT}`);
  return { logKeys, recorder, practice: said.practice };
}

/** The two log keys, Ed25519 first. */
async function readLogKeys(said, origin) {
  const keys = [await readKey(string(said.log_key)), await readKey(string(said.log_key_mldsa))];
  if (keys[0].type !== ED25519 || keys[1].type !== MLDSA44 || keys.some((key) => key.name !== origin)) {
    throw new Malformed("expected an Ed25519 and an ML-DSA-44 key whose name is the origin");
  }
  return keys;
}

async function readRecorder(vkey, origin) {
  const key = await readKey(string(vkey)), before = `${origin}/recorders/`;
  if (key.type !== ED25519 || !key.name.startsWith(before) || !/^[a-z0-9-]{1,40}$/.test(key.name.slice(before.length))) {
    throw new Malformed("expected an Ed25519 key of a recorder of this ledger");
  }
  return key;
}

/** Ranges of earlier entries, both ends included, ascending and not touching. */
function readRanges(value, index) {
  let after = -2;
  if (!list(value).length) throw new Malformed("expected ranges of entries");
  for (const range of value) {
    const [first, last, ...more] = list(range);
    if (!isCount(first) || !isCount(last) || more.length || first <= after + 1 || last < first || last >= index) {
      throw new Malformed("expected ranges of earlier entries, ascending and not touching");
    }
    after = last;
  }
  return value;
}

function expectTexts(...texts) {
  if (!texts.every((text) => typeof text === "string" && text)) throw new Malformed("expected a text that is not empty");
}

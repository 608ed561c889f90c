// Signed notes and public keys (C2SP signed-note; docs/format.md section 2).

const ED25519 = 0x01, COSIGNATURE = 0x04, MLDSA44 = 0x06;
const PUBLIC_SIZES = { [ED25519]: 32, [COSIGNATURE]: 32, [MLDSA44]: PUBLIC_SIZE };

const MOST_NOTE = 1_000_000, MOST_SIGNATURES = 100;
const SPACE = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const FIELD = 2n ** 255n - 19n;
const LOW_ORDER = new Set([
  0n,
  1n,
  FIELD - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]); // y of the eight points whose order divides 8

/** The key that a vkey names, in its one spelling. */
async function readKey(vkey) {
  const [, name, id, data] = /^([!-*,-~]{1,255})\+([0-9a-f]{8})\+(.*)$/s.exec(vkey) ?? [];
  if (data === undefined) throw new Malformed("expected a key: a name, a key id in hex and base64, joined by +");
  const bytes = bytesOf(data), type = bytes[0], publicKey = bytes.subarray(1);
  if (publicKey.length !== PUBLIC_SIZES[type]) throw new Malformed("expected a key of type 1, 4 or 6, of its size");
  if (type !== MLDSA44) refuseWeak(publicKey);
  const found = hexOf((await sha256(utf8(`${name}\n`), bytes)).subarray(0, 4));
  if (found !== id) throw new Malformed(`expected the key id ${found}, found ${id}`);
  return { name, type, publicKey, id, vkey, hex: hexOf(publicKey) };
}

const nameOf = (key) => `${key.name}+${key.id}`;

const isSameKey = (one, other) => one.vkey === other.vkey;

function refuseWeak(publicKey) {
  const y = BigInt(`0x${hexOf(Uint8Array.from(publicKey).reverse())}`) & (2n ** 255n - 1n);
  if (y >= FIELD) throw new Malformed("expected an Ed25519 key in its canonical form");
  if (LOW_ORDER.has(y)) throw new Malformed("expected an Ed25519 key that is not of low order");
}

/** Whether a key signed these bytes: the primitive alone. */
async function isSigned(key, message, signature) {
  if (key.type === MLDSA44) return verifyMldsa(key.publicKey, message, signature);
  try {
    key.loaded ??= await crypto.subtle.importKey("raw", key.publicKey, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key.loaded, signature, message);
  } catch (error) {
    if (["DataError", "OperationError"].includes(error.name)) return false; // bytes that are no point of the curve
    throw error; // a browser that lacks Ed25519: that nobody checked is nothing against whoever signed
  }
}

/** The note that these bytes are: its text, which is what is signed, and its signature lines. */
function readNote(raw) {
  if (raw.length > MOST_NOTE) throw new Malformed(`expected a note of at most ${MOST_NOTE} bytes`);
  if (raw.some((byte) => byte < 0x20 && byte !== 0x0a)) throw new Malformed("expected a note without control characters");
  const blank = findLast(raw, utf8("\n\n"));
  if (blank < 0 || raw[raw.length - 1] !== 0x0a || blank + 2 >= raw.length) {
    throw new Malformed("expected a text, an empty line and signature lines");
  }
  const text = raw.subarray(0, blank + 1);
  textOf(text);
  const rows = textOf(raw.subarray(blank + 2, -1)).split("\n");
  if (rows.length > MOST_SIGNATURES) throw new Malformed(`expected at most ${MOST_SIGNATURES} signature lines`);
  return { raw, text, lines: rows.map(readLine) };
}

function readLine(row) {
  const [dash, name, data, more] = row.split(" ");
  if (dash !== "—" || data === undefined || more !== undefined) {
    throw new Malformed("expected a signature line: a dash, a key name and base64");
  }
  if (!name || name.includes("+") || SPACE.test(name)) throw new Malformed("expected a key name without space or +");
  const bytes = bytesOf(data);
  if (bytes.length <= 4) throw new Malformed("expected a key id and a signature");
  return { name, id: hexOf(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

const linesOf = (note, key) => note.lines.filter((line) => line.id === key.id && line.name === key.name);

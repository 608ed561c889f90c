// Any file, told apart by how it begins, and its verdict (docs/format.md section 12).

const BEGINNING = 4096;

/** What a file is, by how it begins. */
function kindOf(bytes) {
  const beginning = bytes.subarray(0, BEGINNING);
  const text = new TextDecoder("latin1").decode(beginning).replace(/^[\t-\r ]+/, "").slice(0, 64).toLowerCase();
  if (startsWith(beginning, utf8(RECEIPT_FAMILY))) return "receipt";
  if (startsWith(beginning, ZIP_BEGINS)) return "package";
  if (startsWith(beginning, utf8("%PDF-"))) return "pdf";
  if (text.startsWith("{")) return "json";
  if (text.startsWith("<!doctype html") || text.startsWith("<html")) return "page";
  return find(beginning, utf8("\n\n— ")) >= 0 ? "checkpoint" : "unknown";
}

const startsWith = (bytes, wanted) => same(bytes.subarray(0, wanted.length), wanted);

/** Says what a file amounts to. `trust`: keys and witnesses as vkeys; `known`: files kept from before. */
async function verifyFile(file, { vkeys = [], known = [], onProgress = null } = {}) {
  const trust = await readTrust(vkeys);
  const kept = [];
  for (const one of known) kept.push(await readKnown(one));
  const kind = kindOf(file.bytes);
  if (kind === "package") return (await checkPackage(file.bytes, trust, kept, { onProgress })).verdict();
  const result = await checkOne(kind, file.bytes, trust);
  if (result === null) return { kind, outcome: "unknown", findings: [], rows: [], notices: [], accusations: [], accounting: null };
  for (const one of kept) await compareWith(result, one, trust);
  return result.verdict();
}

async function checkOne(kind, bytes, trust) {
  if (kind === "receipt") return checkReceipt(bytes, trust);
  if (kind === "checkpoint") return checkCheckpoint(bytes, trust);
  if (kind === "pdf" || kind === "page") return checkDocument(kind, bytes, trust);
  if (kind !== "json") return null;
  const announced = announcedFormat(bytes);
  const isOther = announced !== null && !announced.startsWith(EVIDENCE_FAMILY);
  return isOther ? null : checkEvidence(bytes, trust);
}

/** Log keys and witnesses among the public keys that are trusted, each told by its type. */
async function readTrust(vkeys) {
  const keys = [];
  for (const vkey of vkeys) keys.push(await readKey(vkey));
  return { keys: keys.filter((key) => key.type !== COSIGNATURE), witnesses: keys.filter((key) => key.type === COSIGNATURE) };
}

/** A file that is known from outside, with the checkpoint in it; null where it has none that can be read. */
async function readKnown({ name, bytes }) {
  let kind = kindOf(bytes), inner = bytes;
  if (kind === "pdf" || kind === "page") {
    inner = (await attempt(() => evidenceIn(kind, bytes), () => null)) ?? new Uint8Array();
    kind = inner.length ? "json" : "unknown";
  }
  const checkpoint = await attempt(async () => readCheckpoint(await checkpointIn(kind, inner)), () => null);
  if (kind === "json" && announcedFormat(inner)?.startsWith(EVIDENCE_FAMILY)) kind = "evidence";
  return { where: name, bytes: inner, kind, checkpoint };
}

async function checkpointIn(kind, bytes) {
  if (kind === "checkpoint") return bytes;
  if (kind === "receipt") return readReceipt(bytes).checkpoint;
  if (kind === "package") return new Zip(bytes).read("checkpoint", MOST_NOTE);
  if (kind !== "json" || bytes.length > MOST_EVIDENCE) throw new Malformed("expected a checkpoint");
  try {
    // it is signed, so its frame need not be in one spelling
    return utf8(string(JSON.parse(textOf(bytes)).checkpoint));
  } catch {
    throw new Malformed("expected a checkpoint");
  }
}

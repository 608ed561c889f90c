// The evidence file's form: one JSON object in, plain values out (docs/format.md section 11).

const EVIDENCE_FAMILY = "disclosure-ledger/evidence/";
const EVIDENCE_FORMAT = `${EVIDENCE_FAMILY}v1`;
const MOST_EVIDENCE = 64_000_000;

/** The values of an evidence file. */
function readEvidence(bytes) {
  if (bytes.length > MOST_EVIDENCE) throw new Malformed(`expected evidence of at most ${MOST_EVIDENCE} bytes`);
  const announced = announcedFormat(bytes);
  if (announced !== null && announced.startsWith(EVIDENCE_FAMILY) && announced !== EVIDENCE_FORMAT) {
    throw new UnknownVersion("expected evidence of version 1");
  }
  const value = object(
    readJson(bytes), "accounting", "checkpoint", "format", "keys", "listed", "stream", "stream_map", "timestamps",
  );
  if (value.format !== EVIDENCE_FORMAT || !isObject(value.accounting)) throw new Malformed("expected evidence");
  const stream = object(value.stream, "entries", "tag");
  const map = object(value.stream_map, "end", "entry", "proof", "siblings");
  return {
    checkpoint: utf8(string(value.checkpoint)),
    timestamps: list(value.timestamps).map((one) => bytesOf(string(one))),
    keys: list(value.keys).map(readKeyShown),
    map: { ...readShown(map), siblings: hashes(map.siblings), end: readEnd(map.end) },
    tag: hashOf(string(stream.tag)),
    stream: list(stream.entries).map(readOpened),
    listed: list(value.listed).map(readOpened),
    accounting: value.accounting,
  };
}

const readShown = ({ entry, proof }) => ({ note: utf8(string(entry)), proof: hashes(proof) });

function readKeyShown(value) {
  const rotates = isObject(value) && (has(value, "handover") || has(value, "consistency"));
  const found = object(value, "entry", "proof", ...(rotates ? ["handover", "consistency"] : []));
  const handover = rotates ? utf8(string(found.handover)) : null;
  return { ...readShown(found), handover, consistency: rotates ? hashes(found.consistency) : null };
}

function readOpened(value) {
  if (isObject(value) && has(value, "erasure")) {
    const found = object(value, "entry", "erasure", "proof");
    return { ...readShown(found), content: null, erasure: readShown(object(found.erasure, "entry", "proof")) };
  }
  const found = object(value, "content", "entry", "proof");
  return { ...readShown(found), content: list(found.content), erasure: null };
}

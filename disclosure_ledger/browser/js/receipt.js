// Receipts: one entry, and the proof that the ledger holds it (C2SP tlog-proof; docs/format.md section 7).

const RECEIPT_FAMILY = "c2sp.org/tlog-proof@";
const RECEIPT_HEADER = `${RECEIPT_FAMILY}v1`;
const MOST_RECEIPT = MOST_NOTE + 4 * MOST_ENTRY, MOST_PROOF = 63;

function readReceipt(bytes) {
  if (bytes.length > MOST_RECEIPT) throw new Malformed(`expected a receipt of at most ${MOST_RECEIPT} bytes`);
  const blank = find(bytes, utf8("\n\n"));
  const lines = asciiOf(blank < 0 ? bytes : bytes.subarray(0, blank)).split("\n");
  const header = lines.shift();
  if (header !== RECEIPT_HEADER) {
    const later = header.startsWith(RECEIPT_FAMILY);
    throw later ? new UnknownVersion("expected a receipt of version 1") : new Malformed("expected a receipt");
  }
  if (blank < 0) throw new Malformed("expected an empty line before the checkpoint");
  const note = lines[0]?.startsWith("extra ") ? bytesOf(lines.shift().slice(6)) : null;
  const index = lines.shift() ?? "";
  if (!index.startsWith("index ")) throw new Malformed("expected the entry's index");
  if (lines.length > MOST_PROOF) throw new Malformed(`expected a proof of at most ${MOST_PROOF} hashes`);
  return { note, index: decimal(index.slice(6)), proof: lines.map(hashOf), checkpoint: bytes.subarray(blank + 2) };
}

/** Verifies a receipt under the reader's trust. */
async function checkReceipt(bytes, trust) {
  const findings = new Findings(), result = new Checked("receipt", findings);
  const receipt = await attempt(() => readReceipt(bytes), (error) => {
    findings.add(error instanceof UnknownVersion ? "1.version" : "7.receipt", "receipt", "a receipt", error.message);
  });
  if (receipt === null) return result;
  const checkpoint = await attempt(() => readCheckpoint(receipt.checkpoint), (error) => {
    findings.add("7.checkpoint", "checkpoint", "a signed checkpoint", error.message);
  });
  if (checkpoint === null) return result;
  Object.assign(result, { checkpoint, size: 1 });
  result.roots.set(checkpoint.size, checkpoint.root);
  const entry = await receivedEntry(receipt, checkpoint, findings);
  await checkReceived(receipt, checkpoint, result);
  await checkTrustedLines(checkpoint, trust, result);
  result.own = new Set(trustedFor(checkpoint, trust).map((key) => key.hex));
  if (entry !== null) await checkLogTime(entry, checkpoint, trust, findings);
  await checkWitnesses(checkpoint, trust, result.own, entry, findings);
  if (entry !== null && result.leaves.size) {
    result.notices.push({ word: "receipt", entry: entry.index, kind: entry.kind, moment: entry.recordedAt });
  }
  result.notices.push({ word: "only-receipt" });
  return result;
}

async function receivedEntry(receipt, checkpoint, findings) {
  const { index, note } = receipt;
  if (note === null) {
    findings.add("7.receipt", "receipt", "the entry in the extra line", "none");
    return null;
  }
  const entry = await attempt(() => readEntry(note), (error) => {
    findings.at(index, error instanceof UnknownVersion ? "1.version" : "1.parse", "", error.message);
  });
  if (entry === null) return null;
  if (entry.origin !== checkpoint.origin) findings.at(index, "1.origin", checkpoint.origin, entry.origin);
  if (entry.index !== index) findings.at(index, "1.index", String(index), String(entry.index));
  return entry;
}

async function checkReceived({ note, index, proof }, { size, root }, result) {
  if (note === null) return;
  const leaf = await leafHash(note);
  try {
    await checkInclusion(leaf, index, size, proof, root);
    result.leaves.set(index, leaf);
  } catch (error) {
    if (!(error instanceof ProofFailed)) throw error;
    result.findings.at(index, "7.inclusion", "a proof that leads to the checkpoint's root", error.message);
  }
}

/** The log's own time is its last entry's: so this entry is no later, and the last one's is the same. */
async function checkLogTime(entry, checkpoint, trust, findings) {
  for (const key of trustedFor(checkpoint, trust)) {
    if (key.type !== MLDSA44 || !(await isLineGood(checkpoint, key))) continue;
    const time = await checkCosignature(checkpoint, key), recorded = BigInt(secondsOf(entry.recordedAt));
    if (recorded > time || (entry.index === checkpoint.size - 1 && recorded !== time)) {
      findings.at(entry.index, "7.mldsa-time", `at most ${time}, the log's own time`, entry.recordedAt);
    }
    return;
  }
}

// Checkpoints and cosignatures (C2SP tlog-checkpoint, tlog-cosignature; docs/format.md section 7).

const CLOCKS_DIFFER = 300; // seconds; section 12, check 4

/** The checkpoint that a note is: origin, size and root, and the note itself. Nothing is established by it. */
function readCheckpoint(raw) {
  const note = readNote(raw);
  const [origin, size, root, end, ...more] = asciiOf(note.text).split("\n");
  if (end !== "" || more.length) throw new Malformed("expected a checkpoint of three lines");
  return { origin: originOf(origin), size: decimal(size), root: hashOf(root), note, text: textOf(note.text) };
}

/** Establishes that an Ed25519 log key signed: it has a line, and every line of it verifies. */
async function checkEd25519(checkpoint, key) {
  for (const line of claimed(checkpoint, key)) {
    if (!(await isSigned(key, checkpoint.note.text, line.signature))) throw new ProofFailed("the line does not verify");
  }
}

/** Establishes that a witness or an ML-DSA-44 key cosigned; gives the earliest time of its lines, in seconds. */
async function checkCosignature(checkpoint, key) {
  let earliest = null;
  for (const { signature } of claimed(checkpoint, key)) {
    if (signature.length <= 8) throw new ProofFailed("expected a cosignature with a time");
    const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
    if (time === 0n || time >= 2n ** 63n) throw new ProofFailed("expected a cosignature with a time");
    const message = key.type === COSIGNATURE ? cosignedMessage(checkpoint, time) : subtreeMessage(checkpoint, key, time);
    if (!(await isSigned(key, message, signature.subarray(8)))) throw new ProofFailed("the line does not verify");
    if (earliest === null || time < earliest) earliest = time;
  }
  return earliest;
}

const cosignedMessage = (checkpoint, time) => utf8(`cosignature/v1\ntime ${time}\n${checkpoint.text}`);

function subtreeMessage(checkpoint, key, time) {
  const name = utf8(key.name), origin = utf8(checkpoint.origin);
  return joined(
    utf8("subtree/v1\n\0"), Uint8Array.of(name.length), name, eightBytes(time),
    Uint8Array.of(origin.length), origin, eightBytes(0), eightBytes(checkpoint.size), checkpoint.root,
  );
}

function claimed(checkpoint, key) {
  const lines = linesOf(checkpoint.note, key);
  if (!lines.length) throw new ProofFailed("the checkpoint has no line of this key");
  return lines;
}

/** Whether a key of any type has a line, and each line of it verifies. */
async function isLineGood(checkpoint, key) {
  try {
    await (key.type === ED25519 ? checkEd25519 : checkCosignature)(checkpoint, key);
    return true;
  } catch (error) {
    if (error instanceof ProofFailed) return false;
    throw error;
  }
}

/** The trusted witnesses that are none of the ledger's own keys, each public key once. */
function witnessesOf(trust, own) {
  const unique = new Map([...trust.witnesses].reverse().map((key) => [key.hex, key]));
  return [...unique.values()].filter((key) => !own.has(key.hex));
}

/** Checks 9 and 4: each trusted witness has cosigned, and none before the latest entry that it covers. */
async function checkWitnesses(checkpoint, trust, own, latest, findings) {
  for (const key of trust.witnesses) {
    if (own.has(key.hex)) findings.add("9.witness", key.name, "a key that is none of the ledger's");
  }
  const witnesses = checkpoint === null ? [] : witnessesOf(trust, own);
  let cosigned = 0;
  for (const key of witnesses) {
    if (!linesOf(checkpoint.note, key).length) continue;
    if (await isLineGood(checkpoint, key)) {
      cosigned++;
      checkTime("checkpoint", await checkCosignature(checkpoint, key), latest, findings);
    } else {
      findings.add("9.cosignature", "checkpoint", nameOf(key));
    }
  }
  const asked = new Set(trust.witnesses.map((key) => key.hex)).size;
  if (cosigned < asked) findings.add("9.quorum", "checkpoint", `${asked} witnesses`, `${cosigned} witnesses`);
  return cosigned;
}

/** Check 4 against one outside time; `latest` is the latest entry that it covers. */
function checkTime(where, time, latest, findings) {
  if (latest !== null && BigInt(secondsOf(latest.recordedAt)) > time + BigInt(CLOCKS_DIFFER)) {
    const expected = `at most ${CLOCKS_DIFFER} seconds after ${time}, the time of ${where}`;
    findings.at(latest.index, "4.after-outside-time", expected, latest.recordedAt);
  }
}

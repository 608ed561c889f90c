// A file that shows one checkpoint, verified: what can be compared with what is known from outside (section 12, check 8).

class Checked {
  constructor(kind, findings) {
    Object.assign(this, { kind, findings, size: 0, checkpoint: null, client: null, tag: null, stream: [] });
    this.document = null; // `page` or `pdf`, where the evidence came inside of one
    this.history = []; // log keys that the file itself proves to be in force at the checkpoint's size or before
    this.own = new Set(); // public keys that are the ledger's own
    this.roots = new Map(); // by size: proved to be of this tree
    this.leaves = new Map(); // by index: proved to be of this tree
    this.accounting = null;
    this.rows = [];
    this.hidden = []; // rows that the document does not show as they are made
    this.notices = [];
    this.accusations = [];
  }

  verdict() {
    const findings = this.findings.all();
    return {
      kind: this.kind,
      document: this.document,
      outcome: outcomeOf(findings),
      findings,
      size: this.size,
      origin: this.checkpoint?.origin ?? null,
      checkpoint: this.checkpoint?.text ?? null,
      accounting: this.accounting,
      rows: this.rows,
      hidden: this.hidden,
      notices: this.notices,
      accusations: this.accusations,
    };
  }
}

/** The trusted keys that are of a checkpoint's ledger and can be its log's. */
const trustedFor = (checkpoint, trust) =>
  trust.keys.filter((key) => key.name === checkpoint.origin && key.type !== COSIGNATURE);

/** Check 7 where nothing but trust says which keys are the log's: of each type that is trusted, a line verifies. */
async function checkTrustedLines(checkpoint, trust, result) {
  const { findings } = result, codes = { [ED25519]: "7.ed25519", [MLDSA44]: "7.mldsa" };
  const sizes = { [ED25519]: 64, [MLDSA44]: 8 + SIGNATURE_SIZE };
  for (const [type, code] of Object.entries(codes)) {
    const isOfType = (line) => line.name === checkpoint.origin && line.signature.length === sizes[type];
    if (!checkpoint.note.lines.some(isOfType)) findings.add(code, "checkpoint", "a line of the log's key", "none");
  }
  const trusted = trustedFor(checkpoint, trust), good = new Set();
  for (const key of trusted) {
    if (!linesOf(checkpoint.note, key).length) continue;
    if (await isLineGood(checkpoint, key)) good.add(key.type);
    else findings.add(codes[key.type], "checkpoint", nameOf(key), "a line that does not verify");
  }
  if (!trust.keys.length) {
    findings.add("7.no-trusted-key", "trust", "a trusted log key", "none");
  } else if (!good.size) {
    findings.add("7.trusted-key", "checkpoint", trust.keys.map(nameOf).join(", "), "no line of a trusted key that verifies");
  } else {
    for (const type of [ED25519, MLDSA44].filter((one) => !good.has(one))) {
      if (trusted.some((key) => key.type === type)) findings.add(codes[type], "checkpoint", "a line of a trusted key", "none");
      else result.notices.push({ word: "unchecked-line", type: type === ED25519 ? "Ed25519" : "ML-DSA-44" });
    }
  }
}

/** A checkpoint alone. */
async function checkCheckpoint(bytes, trust) {
  const findings = new Findings(), result = new Checked("checkpoint", findings);
  const checkpoint = await attempt(() => readCheckpoint(bytes), (error) => {
    findings.add("7.checkpoint", "checkpoint", "a signed checkpoint", error.message);
  });
  if (checkpoint === null) return result;
  result.checkpoint = checkpoint;
  result.roots.set(checkpoint.size, checkpoint.root);
  await checkTrustedLines(checkpoint, trust, result);
  result.own = new Set(trustedFor(checkpoint, trust).map((key) => key.hex));
  await checkWitnesses(checkpoint, trust, result.own, null, findings);
  result.notices.push({ word: "only-checkpoint" });
  return result;
}

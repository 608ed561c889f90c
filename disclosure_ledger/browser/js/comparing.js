// What is known from outside, told apart, and what is verified held against it (docs/format.md section 12, check 8).

/** Checks that speak of the ledger itself, whoever made the package that shows it. */
const OF_THE_ENTRIES = /^(?:[1-6]\.|12\.too-early$|12\.not-erasable$)/;

/** Check 8 of one file from outside: whatever both prove and cannot both be true accuses whoever signed both. */
async function compareWith(result, known, trust) {
  if (result.checkpoint === null) return;
  const keys = { keys: trust.keys, witnesses: [] };
  if (known.kind === "package") await compareWithPackage(result, known, trust, keys);
  else if (known.kind === "receipt") await compareWithChecked(result, known, trust, await checkReceipt(known.bytes, keys));
  else if (known.kind === "evidence") await compareWithChecked(result, known, trust, await checkEvidence(known.bytes, keys));
  else await compareWithNote(result, known, trust);
}

async function compareWithNote(result, { where, checkpoint }, trust) {
  if (checkpoint === null) {
    result.findings.add("8.unreadable", where, "a signed checkpoint");
  } else if (isOfThisLedger(result, where, checkpoint)) {
    const { size, root } = checkpoint;
    if (!result.roots.has(size)) return sayIncomparable(result, where, size);
    await checkVouched(result, where, checkpoint, trust);
    compareRoots(result, where, checkpoint, new Map([[size, root]]));
  }
}

async function compareWithChecked(result, { where }, trust, other) {
  const { findings } = result, verdict = other.verdict();
  if (other.checkpoint === null) {
    findings.add("8.unreadable", where, "a receipt or evidence", verdict.findings[0]?.code ?? "");
    return;
  }
  if (!isOfThisLedger(result, where, other.checkpoint)) return;
  await checkVouched(result, where, other.checkpoint, trust);
  if (verdict.outcome === "failed") {
    findings.add("8.unreadable", where, "a file that verifies", verdict.findings.find(fails).code);
    const { size, root } = other.checkpoint;
    compareRoots(result, where, other.checkpoint, new Map([[size, root]]));
    return;
  }
  const compared = [
    compareRoots(result, where, other.checkpoint, other.roots),
    compareLeaves(result, where, other.checkpoint, other.leaves),
    compareStreams(result, where, other),
  ];
  if (!compared.includes(true)) sayIncomparable(result, where, other.checkpoint.size);
}

/** Two evidence files of one client have one tag, and the larger checkpoint's stream begins with the other's. */
function compareStreams(result, where, other) {
  if (result.kind !== "evidence" || other.kind !== "evidence") return false;
  if (result.client === null || result.client !== other.client) return false;
  const pair = [result, other].sort((one, two) => one.checkpoint.size - two.checkpoint.size);
  const [shorter, longer] = pair.map((one) => one.stream.map(hexOf));
  const isOne = same(result.tag, other.tag);
  if (!isOne || longer.slice(0, shorter.length).join() !== shorter.join()) {
    const found = isOne ? "" : "another stream";
    result.findings.add("8.earlier", where, "the same stream with the same beginning", found);
    accuse(result, where, other.checkpoint);
  }
  return true;
}

async function compareWithPackage(result, { where, bytes }, trust, keys) {
  const leaves = new Map(), changes = [];
  const onEntry = (index, leaf, entry) => {
    if (result.leaves.has(index)) leaves.set(index, leaf);
    if (entry !== null && KEY_KINDS.includes(entry.kind)) changes.push(index);
  };
  const asked = { sizes: [...result.roots.keys()], onEntry, requireOutside: false };
  const other = await checkPackage(bytes, keys, [], asked);
  const failing = other.findings.all().filter(fails);
  if (other.checkpoint === null) {
    result.findings.add("8.unreadable", where, "an audit package", failing[0]?.code ?? "");
    return;
  }
  if (!isOfThisLedger(result, where, other.checkpoint)) return;
  await checkVouched(result, where, other.checkpoint, trust);
  const ofTheLedger = failing.filter((one) => OF_THE_ENTRIES.test(one.code));
  const ofThePackage = failing.filter((one) => !OF_THE_ENTRIES.test(one.code));
  if (ofThePackage.length) {
    result.findings.add("8.unreadable", where, "an audit package that verifies", ofThePackage[0].code);
    return;
  }
  const { size } = other.checkpoint;
  const roots = new Map([...other.roots].filter(([at]) => at <= size));
  const compared = [
    compareRoots(result, where, other.checkpoint, roots),
    compareLeaves(result, where, other.checkpoint, leaves),
  ];
  if (!compared.includes(true)) sayIncomparable(result, where, size);
  if (ofTheLedger.length) {
    const [{ code, where: place }] = ofTheLedger;
    result.findings.add("8.package", where, "a ledger that holds", `${code} at ${place}`);
  }
  if (result.kind === "evidence") checkChanges(result, where, changes);
}

/** Check 13: the evidence shows every entry that changed a key, as far as the package has them. */
function checkChanges(result, where, changes) {
  for (const index of changes) {
    if (index < result.checkpoint.size && !result.leaves.has(index)) {
      result.findings.add("13.keys", `entry ${index}`, "every entry that changed a key", `left out: ${where} has it`);
    }
  }
}

function isOfThisLedger(result, where, { origin }) {
  if (origin === result.checkpoint.origin) return true;
  result.findings.add("8.other-ledger", where, result.checkpoint.origin, origin);
  return false;
}

/** A key that is known for this ledger, or a trusted witness, has signed what is known from outside. */
async function checkVouched(result, where, checkpoint, trust) {
  for (const key of [...result.history, ...trust.keys, ...witnessesOf(trust, result.own)]) {
    if (await isLineGood(checkpoint, key)) return;
  }
  result.findings.add("8.signature", where, "a line of a key known for this ledger", "none");
}

function compareRoots(result, where, checkpoint, roots) {
  const shared = [...roots.keys()].filter((size) => result.roots.has(size)).sort((one, other) => one - other);
  const different = shared.filter((size) => !same(roots.get(size), result.roots.get(size)));
  for (const size of different) {
    const found = `at size ${size}: ${base64Of(result.roots.get(size))}`;
    result.findings.add("8.different", where, base64Of(roots.get(size)), found);
  }
  if (different.length) accuse(result, where, checkpoint);
  return shared.length > 0;
}

function compareLeaves(result, where, checkpoint, leaves) {
  const shared = [...leaves.keys()].filter((index) => result.leaves.has(index)).sort((one, other) => one - other);
  const index = shared.find((one) => !same(leaves.get(one), result.leaves.get(one)));
  if (index !== undefined) {
    const found = `entry ${index}: ${base64Of(result.leaves.get(index))}`;
    result.findings.add("8.different", where, base64Of(leaves.get(index)), found);
    accuse(result, where, checkpoint);
  }
  return shared.length > 0;
}

function accuse(result, where, checkpoint) {
  result.accusations.push({ where, known: textOf(checkpoint.note.raw), shown: textOf(result.checkpoint.note.raw) });
}

/** Another size contradicts nothing and proves nothing. */
function sayIncomparable(result, where, size) {
  result.notices.push({ word: "incomparable", where, size });
}

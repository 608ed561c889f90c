// The entries that evidence shows, and who could sign what (docs/format.md section 11; section 12, checks 1 to 4 and 7).

/** Entries under one checkpoint, as they are read. */
class Shown {
  constructor(checkpoint, findings) {
    Object.assign(this, { checkpoint, findings, count: 0 });
    this.proved = new Map(); // index to entry: in the tree, whatever else is wrong with it
    this.unknown = new Map(); // by where they are shown: indexes of entries of the tree of a version that is not known
  }

  /** Checks 1 and 7 of one entry; null where it cannot be read. */
  async read(where, shown) {
    this.count++;
    let entry;
    try {
      entry = await readEntry(shown.note);
    } catch (error) {
      return this.refuse(where, shown, error);
    }
    if (entry.origin !== this.checkpoint.origin) {
      this.findings.at(entry.index, "1.origin", this.checkpoint.origin, entry.origin);
    }
    await this.checkInclusion(entry, shown);
    return entry;
  }

  async refuse(where, shown, error) {
    if (error instanceof UnknownVersion) {
      // One that is not proved to be in the tree explains nothing: else anybody could excuse a fault by adding one.
      // One that is explains only what hangs on the place at which it is shown.
      const index = await this.provedIndex(shown);
      if (index !== null) this.unknown.set(where, index);
      this.findings.add("1.version", where, "", error.message);
    } else if (error instanceof Malformed) {
      this.findings.add("1.parse", where, "", error.message);
    } else {
      throw error;
    }
    return null;
  }

  /** The index that an entry of an unknown version names, as all so far do; null where the tree has it not. */
  async provedIndex(shown) {
    const { size, root } = this.checkpoint;
    return attempt(
      async () => {
        const { index } = readJson(readNote(shown.note).text.subarray(0, -1));
        await checkInclusion(await leafHash(shown.note), index, size, shown.proof, root);
        return index;
      },
      () => null,
    );
  }

  async checkInclusion(entry, shown) {
    const { size, root } = this.checkpoint;
    try {
      await checkInclusion(entry.leaf, entry.index, size, shown.proof, root);
      this.proved.set(entry.index, entry);
    } catch (error) {
      if (!(error instanceof ProofFailed)) throw error;
      this.findings.at(entry.index, "13.inclusion", "a proof that leads to the checkpoint's root", error.message);
    }
  }

  unknownIn(place) {
    return [...this.unknown].filter(([where]) => where.startsWith(`${place}[`)).map(([, index]) => index);
  }

  /** Checks 2 and 4 of every entry whose neighbour before it, or any before it, is shown too. */
  checkNeighbours() {
    let before = null, latest = "";
    for (const entry of [...this.proved.values()].sort((one, other) => one.index - other.index)) {
      const { index, previous, recordedAt } = entry;
      const expected = index === 0 ? NO_PREVIOUS : before?.index === index - 1 ? before.leaf : null;
      if (expected !== null && !same(expected, previous)) {
        this.findings.at(index, "2.previous", base64Of(expected), base64Of(previous));
      }
      if (recordedAt < latest) this.findings.at(index, "4.backwards", latest, recordedAt);
      else latest = recordedAt;
      before = entry;
    }
  }

  latest() {
    if (!this.proved.size) return null;
    return this.proved.get(Math.max(...this.proved.keys()));
  }
}

/** The keys of one ledger from its genesis to the checkpoint. */
class KeyHistory {
  constructor(shown) {
    Object.assign(this, { shown, findings: shown.findings });
    this.recorders = new Map(); // by name and key id
    this.logKeys = []; // pairs, and after which size each signs
    this.roots = new Map(); // at handovers that are proved to be the beginning of this tree
    this.missing = new Set();
    this.recorderNames = new Set();
    this.handovers = []; // those that are of this tree
    this.unknownFrom = null; // the first entry of an unknown version that is shown to have changed a key
    this.rotated = false; // whether one rotated the log keys, as its handover proves
  }

  async read(keys) {
    let last = -1;
    for (const [place, shown] of keys.entries()) {
      const entry = await this.shown.read(`keys[${place}]`, shown);
      if (entry === null) {
        await this.takeUnknown(`keys[${place}]`, shown);
        continue;
      }
      if (!KEY_KINDS.includes(entry.kind) || entry.index <= last) {
        this.findings.at(entry.index, "13.keys", "entries that change a key, in order", entry.kind);
      }
      last = Math.max(last, entry.index);
      await this.take(entry, shown);
    }
    if (!this.logKeys.length && this.unknownFrom !== 0) this.findings.add("13.keys", "keys", "the genesis first", "none");
  }

  async take(entry, shown) {
    if (entry.kind === "genesis") {
      this.logKeys.push({ after: 0, keys: entry.logKeys });
      this.entitle(entry, 0);
    } else if (!this.logKeys.length) {
      return;
    }
    await this.checkSignature(entry);
    if (entry.kind === "recorder_added") this.entitle(entry, entry.index + 1);
    if (entry.kind === "recorder_revoked") this.revoke(entry);
    if (entry.kind === "log_key_rotated") await this.rotate(entry, shown);
    else if (shown.handover !== null) this.findings.at(entry.index, "7.handover-unasked", "a rotation", entry.kind);
  }

  entitle(entry, first) {
    const key = entry.recorder, before = [...this.recorders.values()].map((one) => one.key);
    const logs = this.logKeys.flatMap((one) => one.keys);
    if (this.recorderNames.has(key.name) || [...before, ...logs].some((one) => one.hex === key.hex)) {
      this.findings.at(entry.index, "3.key-again", "a name and a key that never stood before", key.name);
    }
    const place = nameOf(key);
    this.recorderNames.add(key.name);
    if (!this.recorders.has(place)) this.recorders.set(place, { key, first, last: null });
  }

  revoke(entry) {
    const found = this.recorders.get(nameOf(entry.recorder));
    if (!found || found.last !== null || !isSameKey(found.key, entry.recorder)) {
      const code = !found && this.mayBeAdded(entry.recorder.name, entry.index) ? "1.version" : "3.revocation";
      this.findings.at(entry.index, code, "an entitled recorder", entry.recorder.name);
    } else {
      found.last = entry.index;
    }
  }

  /** Check 7: the checkpoint that ends with a rotation is signed by the keys before it, and is of this history. */
  async rotate(entry, { handover, consistency }) {
    const size = entry.index + 1, { checkpoint } = this.shown;
    if (entry.logKeys.some((key) => this.recorderKeys().has(key.hex))) {
      this.findings.at(entry.index, "7.key-again", "a key that never was a recorder's", entry.kind);
    }
    const keys = this.keysAt(size);
    const refused = (code) => (error) => {
      this.findings.at(entry.index, code, `a checkpoint of size ${size} signed by the keys before`, error.message);
    };
    const signed = await attempt(async () => {
      if (handover === null) throw new Malformed("no handover is there");
      const found = readCheckpoint(handover);
      if (found.origin !== checkpoint.origin || found.size !== size) {
        throw new ProofFailed("the handover is of another size or ledger");
      }
      return found;
    }, refused("7.handover"));
    if (signed === null) return;
    const isClaimed = keys !== null && linesOf(signed.note, keys[0]).length > 0;
    const good = await attempt(async () => {
      if (!isClaimed) throw new ProofFailed("the handover has no line of the key before");
      await checkEd25519(signed, keys[0]);
      await checkCosignature(signed, keys[1]);
      return true;
    }, refused(isClaimed ? "7.handover" : this.doubt("7.handover")));
    if (!good) return;
    const follows = await attempt(async () => {
      await this.checkFollows(size, signed, consistency);
      return true;
    }, refused("7.consistency"));
    if (!follows) return;
    this.logKeys.push({ after: size, keys: entry.logKeys });
  }

  keysAt(size) {
    return [...this.logKeys].reverse().find((one) => one.after < size)?.keys ?? null;
  }

  keysUpTo(size) {
    return this.logKeys.filter((one) => one.after < size).flatMap((one) => one.keys);
  }

  recorderKeys() {
    return new Set([...this.recorders.values()].map((one) => one.key.hex));
  }

  /** Check 3: who signed was entitled at that index by an entry shown, and the signature verifies. */
  async checkSignature(entry) {
    if (!this.logKeys.length) return; // without a genesis nothing is known of who could sign: that is said once
    const { name, id, signature } = entry.signature, found = this.recorders.get(`${name}+${id}`);
    if (found && found.first <= entry.index && (found.last === null || entry.index <= found.last)) {
      if (!(await isSigned(found.key, entry.note.text, signature))) this.findings.at(entry.index, "3.signature");
      return;
    }
    const mayBe = !found && this.mayBeAdded(name, entry.index);
    this.findings.at(entry.index, mayBe ? "1.version" : "3.recorder", "a recorder entitled by the entries shown", name);
    if (!found && !this.missing.has(name)) {
      this.missing.add(name);
      this.findings.add(mayBe ? "1.version" : "13.keys", "keys", `the entry that added ${name}`, "none");
    }
  }

  /** Whether an entry of an unknown version, before this one, may have added a recorder of this name. */
  mayBeAdded(name, index) {
    return !this.recorderNames.has(name) && this.unknownFrom !== null && this.unknownFrom < index;
  }

  /** The code of a fault of the log keys that a rotation of an unknown version may explain. */
  doubt(code) {
    return this.rotated || this.unknownFrom === 0 ? "1.version" : code;
  }

  /** Whether a trusted key may be one that an entry of an unknown version names: it has signed this tree. */
  async mayBeTrusted(checkpoint, trust) {
    if (this.unknownFrom !== 0 && !this.rotated) return false;
    for (const signed of [checkpoint, ...this.handovers]) {
      for (const key of trust.keys) if (await isLineGood(signed, key)) return true;
    }
    return false;
  }

  /** See whether an entry of an unknown version rotated the log keys: not without a handover by those before it. */
  async takeUnknown(where, { handover, consistency }) {
    const index = this.shown.unknown.get(where);
    if (index === undefined) return;
    this.unknownFrom = this.unknownFrom === null ? index : Math.min(index, this.unknownFrom);
    if (handover === null) return;
    const size = index + 1, { checkpoint } = this.shown, keys = this.keysAt(size);
    await attempt(async () => {
      const signed = readCheckpoint(handover);
      if (signed.origin !== checkpoint.origin || signed.size !== size) throw new ProofFailed("of another size or ledger");
      if (keys === null || !linesOf(signed.note, keys[0]).length) {
        this.rotated ||= this.unknownFrom === 0;
        return;
      }
      await checkEd25519(signed, keys[0]);
      await checkCosignature(signed, keys[1]);
      await this.checkFollows(size, signed, consistency);
      this.rotated = true;
    }, () => null);
  }

  /** Check 7: the handover's tree is the beginning of the checkpoint's. */
  async checkFollows(size, signed, consistency) {
    const { checkpoint } = this.shown;
    await checkConsistency(size, checkpoint.size, signed.root, checkpoint.root, consistency ?? []);
    this.roots.set(size, signed.root);
    this.handovers.push(signed);
  }
}

/** Whether the log keys that a ledger had are the trusted ones: of each type of which one is trusted, one is there. */
function isTrusted(trust, history) {
  const trusted = trust.keys.filter((key) => history.some((one) => one.name === key.name));
  const there = trusted.filter((key) => history.some((one) => isSameKey(one, key)));
  return trusted.length > 0 && trusted.every((key) => there.some((one) => one.type === key.type));
}

/** Check 7: both log keys in force at the checkpoint's size signed it, and a trusted one is one of them or before. */
async function checkLogKeys(checkpoint, { keys, history, last, trust, findings, doubt, doubtTrust }) {
  if (keys === null) {
    findings.add(doubt("7.ed25519"), "checkpoint", "a log key that a genesis names", "none");
  } else {
    const line = async (code, key, check) => attempt(() => check(checkpoint, key), (error) => {
      const chosen = linesOf(checkpoint.note, key).length ? code : doubt(code);
      findings.add(chosen, "checkpoint", nameOf(key), error.message);
    });
    await line("7.ed25519", keys[0], checkEd25519);
    const time = await line("7.mldsa", keys[1], checkCosignature);
    if (time !== null && last !== null && time !== BigInt(secondsOf(last))) {
      findings.add("7.mldsa-time", "checkpoint", String(secondsOf(last)), String(time));
    }
  }
  if (!trust.keys.length) {
    findings.add("7.no-trusted-key", "trust", "a trusted log key", "none");
  } else if (!isTrusted(trust, history)) {
    findings.add(await doubtTrust("7.trusted-key"), "trust", trust.keys.map(nameOf).join(", "), history.map(nameOf).join(", "));
  }
}

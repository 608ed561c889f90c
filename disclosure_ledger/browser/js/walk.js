// A ledger's entries in order, each judged by those before it (docs/format.md section 12, checks 1 to 6, 7 and 12).
//
// Every fault is reported, and the walk goes on: an entry that cannot be read still has a leaf hash.

class Walker {
  constructor({ origin, findings, handovers, sizes }) {
    Object.assign(this, { origin, findings, handovers, sizes: new Set([0, ...sizes]), size: 0, uncertain: false });
    this.isLater = false; // whether the entry that was read last is of a version that is not known
    this.tree = new Tree();
    this.streams = new StreamMap();
    this.accountingStreams = new Set();
    this.entitled = new Map(); // recorders by name and key id
    this.everNamed = new Set(); // names and public keys of every recorder there was
    this.logKeys = [];
    this.marks = new Map(); // the ledger at each size that was asked for
    this.handedOver = new Set();
    this.erased = [];
    this.days = []; // of each entry, the latest day on which anything was recorded up to it
    this.publicEntries = [];
    this.previous = NO_PREVIOUS;
    this.latest = "";
  }

  /** Judges the next entry and takes it as it is; gives it where it can be read. */
  async take(raw) {
    const entry = await this.read(raw);
    if (entry !== null) await this.judge(entry);
    else if (this.size === 0 && !this.uncertain) this.fault("1.genesis");
    this.days.push(dayOf(this.latest) || "0001-01-01");
    this.previous = entry?.leaf ?? (await leafHash(raw));
    await this.tree.append(this.previous);
    this.size++;
    if (entry?.kind === "log_key_rotated") await this.rotate(entry);
    await this.mark(entry?.recordedAt ?? null);
    return entry;
  }

  /** Keeps the ledger as it stands, where its size was asked for; `last` is when the last entry was recorded. */
  async mark(last) {
    if (!this.sizes.has(this.size)) return;
    this.marks.set(this.size, { size: this.size, root: await this.tree.root(), latest: this.latest || null, last });
  }

  async read(raw) {
    this.isLater = false;
    return attempt(() => readEntry(raw), (error) => {
      this.isLater = error instanceof UnknownVersion;
      this.uncertain ||= this.isLater;
      this.fault(this.isLater ? "1.version" : "1.parse", "", error.message);
    });
  }

  async judge(entry) {
    this.checkPlace(entry);
    if (entry.recordedAt < this.latest) this.fault("4.backwards", this.latest, entry.recordedAt);
    else this.latest = entry.recordedAt;
    if (entry.kind === "genesis" && this.size === 0) {
      this.logKeys.push({ after: 0, keys: entry.logKeys });
      this.entitle(entry.recorder);
    }
    await this.checkRecorder(entry);
    if (entry.stream !== null) this.checkStream(entry);
    if (entry.root === null) await this.follow(entry);
  }

  checkPlace(entry) {
    this.origin ??= entry.origin;
    if (entry.origin !== this.origin) this.fault("1.origin", this.origin, entry.origin);
    if (entry.index !== this.size) this.fault("1.index", String(this.size), String(entry.index));
    if ((entry.kind === "genesis") !== (this.size === 0)) this.fault("1.genesis", "", `${entry.kind} as entry ${this.size}`);
    if (!same(entry.previous, this.previous)) this.fault("2.previous", base64Of(this.previous), base64Of(entry.previous));
  }

  async checkRecorder({ signature, note }) {
    const key = this.entitled.get(`${signature.name}+${signature.id}`);
    if (!key) this.fault(this.doubt("3.recorder"), "an entitled recorder", "another");
    else if (!(await isSigned(key, note.text, signature.signature))) this.fault("3.signature");
  }

  /** Check 5. After a fault the stream goes on from where the entry says it is: one fault is one finding. */
  checkStream(entry) {
    const { tag, position, previous } = entry.stream, before = this.streams.get(tag), name = hexOf(tag);
    const expected = before?.length ?? 0, head = before?.head ?? null;
    if (position !== expected) this.fault(this.doubt("5.position"), String(expected), String(position));
    else if ((head === null) !== (previous === null) || (head !== null && !same(head, previous))) {
      this.fault(this.doubt("5.previous"), "the hash of the stream's entry before it", "another");
    }
    if (entry.kind === STREAM_BEGINS) {
      if (before || position) this.fault(this.doubt("5.client"), "a client record first in its stream", `position ${position}`);
      else this.accountingStreams.add(name);
    } else if (this.accountingStreams.has(name) && !STREAM_FOLLOWS.includes(entry.kind)) {
      this.fault("5.kind", "disclosure or correction", entry.kind);
    }
    this.streams.put({ tag, length: position + 1, head: entry.leaf });
  }

  /** What a public entry does to those after it. */
  async follow(entry) {
    this.publicEntries.push(this.size);
    if (entry.kind === "stream_map") await this.checkMap(entry);
    if (entry.kind === "erasure") this.checkErasure(entry);
    if (entry.kind === "recorder_added") this.entitle(entry.recorder);
    if (entry.kind === "recorder_revoked" && !this.revoke(entry.recorder)) {
      this.fault(this.doubt("3.revocation"), "an entitled recorder", entry.recorder.name);
    }
  }

  entitle(key) {
    const isLogKey = this.logKeys.some(({ keys }) => keys.some((one) => one.hex === key.hex));
    const isFresh = !this.everNamed.has(key.name) && !this.everNamed.has(key.hex);
    if (!isFresh || isLogKey) this.fault("3.key-again", "a name and a key that never stood before", key.name);
    if (isFresh) this.entitled.set(nameOf(key), key);
    this.everNamed.add(key.name).add(key.hex);
  }

  /** Whether it was entitled: the key itself, for a name and a key id can be those of another key too. */
  revoke(key) {
    const found = this.entitled.get(nameOf(key));
    this.entitled.delete(nameOf(key));
    return found !== undefined && isSameKey(found, key);
  }

  async checkMap({ map }) {
    const count = this.streams.ends.size;
    if (map.streams !== count) this.fault(this.doubt("6.streams"), String(count), String(map.streams));
    const root = await this.streams.root();
    if (!same(map.root, root)) this.fault(this.doubt("6.root"), base64Of(root), base64Of(map.root));
  }

  /** What is erased was sealed, and six years old. */
  checkErasure(entry) {
    for (const [first, last] of entry.erased) {
      if (last >= this.size) continue; // its index is wrong, and check 1 said so
      this.erased.push([first, last]);
      const found = this.publicEntries.find((index) => first <= index && index <= last);
      if (found !== undefined) this.fault("12.not-erasable", "sealed entries", `entry ${found}`);
      const day = keptUntil(this.days[last]);
      if (dayOf(entry.recordedAt) < day) this.fault("12.too-early", `entry ${last} erased from ${day} on`, dayOf(entry.recordedAt));
    }
  }

  /** Check 7: the checkpoint that ends with a rotation is signed by the keys before it, or they stay in force. */
  async rotate(entry) {
    const index = this.size - 1, keys = this.keysAt(this.size), raw = this.handovers.get(this.size);
    if (entry.logKeys.some((key) => this.everNamed.has(key.hex))) {
      this.fault("7.key-again", "a key that never was a recorder's", entry.kind, index);
    }
    this.handedOver.add(this.size);
    let isClaimed = true;
    const good = await attempt(async () => {
      if (raw === undefined) throw new Malformed("no handover is there");
      const signed = readCheckpoint(raw);
      if (signed.origin !== this.origin || signed.size !== this.size || !same(signed.root, await this.tree.root())) {
        throw new ProofFailed("the handover is of another tree");
      }
      isClaimed = keys !== null && linesOf(signed.note, keys[0]).length > 0;
      if (!isClaimed) throw new ProofFailed("the handover has no line of the key before");
      await checkEd25519(signed, keys[0]);
      await checkCosignature(signed, keys[1]);
      return true;
    }, (error) => {
      const code = isClaimed ? "7.handover" : this.doubt("7.handover");
      this.fault(code, `a checkpoint of size ${this.size} signed by the keys before`, error.message, index);
    });
    if (good) this.logKeys.push({ after: this.size, keys: entry.logKeys });
  }

  keysAt(size) {
    return [...this.logKeys].reverse().find((one) => one.after < size)?.keys ?? null;
  }

  keysUpTo(size) {
    return this.logKeys.filter((one) => one.after < size).flatMap((one) => one.keys);
  }

  isErased(index) {
    return this.erased.some(([first, last]) => first <= index && index <= last);
  }

  doubt(code) {
    return this.uncertain ? "1.version" : code;
  }

  fault(code, expected = "", found = "", index = this.size) {
    this.findings.at(index, code, expected, found);
  }
}

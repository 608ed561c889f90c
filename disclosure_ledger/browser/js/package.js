// Audit packages: the layout, then everything that their entries prove (docs/format.md sections 11 and 12).
//
// Nothing runs over the size that a checkpoint claims, but only over files that are there.

const MOST_BUNDLE = TILE_WIDTH * (2 + MOST_ENTRY), MOST_VKEYS = 10_000, MOST_OF_A_KIND = 10_000;

/** Verifies an audit package; `asked` may name further sizes to mark, and what to do with each entry. */
async function checkPackage(bytes, trust, known, asked = {}) {
  const findings = new Findings(), result = new Checked("package", findings);
  const zip = await attempt(() => new Zip(bytes), (error) => {
    findings.add("7.file", "package", "an audit package", error.message);
  });
  if (zip === null) return result;
  await new Package(zip, trust, known, result, asked).run();
  return result;
}

class Package {
  constructor(zip, trust, known, result, { sizes = [], onEntry = null, requireOutside = true, onProgress = null }) {
    Object.assign(this, { zip, trust, known, result, onEntry, requireOutside, onProgress, sizes });
    this.findings = result.findings;
    this.seen = new Set();
    this.edge = new TileEdge();
    this.openings = new Openings(this.findings);
    this.covered = 0; // the largest size that something outside vouches for
    this.contradicted = false;
  }

  async run() {
    const { findings, result } = this;
    const raw = (await this.read("checkpoint", MOST_NOTE, "7.file")) ?? new Uint8Array();
    const checkpoint = await attempt(() => readCheckpoint(raw), (error) => {
      findings.add("7.checkpoint", "checkpoint", "a signed checkpoint", error.message);
    });
    this.checkpoint = result.checkpoint = checkpoint;
    this.size = checkpoint?.size ?? this.sizeOfBundles();
    if (this.zip.files.has("openings.json")) {
      const openings = await this.read("openings.json", MOST_EVIDENCE, "12.openings");
      if (openings !== null) await this.openings.read(openings);
    }
    const handovers = await this.readSized("handover", "", MOST_NOTE, "7.file");
    const stamps = await this.readSized("timestamps", ".tsr", MOST_NOTE, "10.timestamp");
    const sizes = [this.size, ...this.sizes, ...stamps.keys(), ...this.known.map((one) => one.checkpoint?.size ?? 0)];
    this.walker = new Walker({ origin: checkpoint?.origin ?? null, findings, handovers, sizes });
    await this.walker.mark(null);
    await this.walk();
    this.checkTree(handovers);
    await this.checkKeys();
    await this.checkKnown();
    await this.checkWitnesses();
    for (const [name, tile] of this.edge.partial()) await this.checkTile(name, tile);
    await this.checkVkeys();
    this.openings.finish(this.walker);
    await this.checkStamps(stamps);
    this.checkFiles();
    if (this.requireOutside && !this.covered && !this.contradicted) {
      findings.add("8.no-outside", "trust", "a checkpoint known from outside, or a timestamp", "none");
    }
    this.describe();
  }

  async read(name, most, code) {
    this.seen.add(name);
    return attempt(() => this.zip.read(name, most), (error) => {
      this.findings.add(code, name, "a file of this package", error.message);
    });
  }

  async readSized(folder, ending, most, code) {
    const found = new Map();
    for (const name of this.zip.names()) {
      const size = sizeInName(name, folder, ending);
      if (size === null || found.size === MOST_OF_A_KIND) continue;
      const data = await this.read(name, most, code);
      if (data !== null) found.set(size, data);
    }
    return found;
  }

  /** How many entries the bundles that are there hold, where no checkpoint says it. */
  sizeOfBundles() {
    let index = 0, most = 0;
    while (this.zip.files.has(bundlePath(index, TILE_WIDTH))) index++;
    for (let width = 1; width < TILE_WIDTH; width++) if (this.zip.files.has(bundlePath(index, width))) most = width;
    return index * TILE_WIDTH + most;
  }

  /** Every bundle in order; the walk ends at one that is missing or damaged. */
  async walk() {
    for (let index = 0; index * TILE_WIDTH < this.size; index++) {
      const width = Math.min(TILE_WIDTH, this.size - index * TILE_WIDTH), name = bundlePath(index, width);
      this.seen.add(name);
      const notes = await attempt(async () => readBundle(await this.zip.read(name, MOST_BUNDLE)), (error) => {
        this.findings.add("7.bundle", `entry ${this.walker.size}`, "further entries", `${name}: ${error.message}`);
      });
      if (notes === null) return;
      if (notes.length !== width) {
        this.findings.add("7.bundle", name, `${width} entries`, `${notes.length} entries`);
      }
      for (const note of notes) await this.take(note);
      this.onProgress?.(this.walker.size, this.size);
    }
  }

  async take(raw) {
    const index = this.walker.size;
    const entry = await this.walker.take(raw);
    if (index < this.size) {
      for (const [name, tile] of await this.edge.append(this.walker.previous)) await this.checkTile(name, tile);
    }
    await this.openings.take(index, entry, this.walker.isLater);
    this.onEntry?.(index, this.walker.previous, entry);
  }

  async checkTile(name, expected) {
    const found = await this.read(name, TILE_WIDTH * HASH_SIZE, "7.tile");
    if (found !== null && !same(found, expected)) this.findings.add("7.tile", name, "the hashes of the entries", "others");
  }

  checkTree(handovers) {
    const { walker, findings, checkpoint } = this;
    if (!walker.size) findings.add("1.genesis", "entry 0", "a genesis", "no entries");
    for (const size of handovers.keys()) {
      if (!walker.handedOver.has(size)) {
        findings.add("7.handover-unasked", `handover/${size}`, "a rotation at this size", "none");
      }
    }
    if (checkpoint === null) return;
    const mark = walker.marks.get(checkpoint.size);
    if (walker.size !== checkpoint.size) {
      findings.add("7.size", "checkpoint", `${checkpoint.size} entries`, `${walker.size} entries`);
    }
    if (mark && !same(mark.root, checkpoint.root)) {
      findings.add("7.root", "checkpoint", base64Of(mark.root), base64Of(checkpoint.root));
    }
  }

  async checkKeys() {
    const { walker, findings, checkpoint, trust } = this;
    if (checkpoint === null) {
      if (!trust.keys.length) findings.add("7.no-trusted-key", "trust", "a trusted log key", "none");
      return;
    }
    const keys = walker.keysAt(checkpoint.size), history = walker.keysUpTo(checkpoint.size);
    const last = walker.marks.get(checkpoint.size)?.last ?? null;
    const doubt = (code) => walker.doubt(code);
    await checkLogKeys(checkpoint, { keys, history, last, trust, findings, doubt, doubtTrust: doubt });
    this.result.history = history;
  }

  /** Check 8 of everything that is known from outside. */
  async checkKnown() {
    for (const { where, checkpoint } of this.known) {
      if (checkpoint === null) {
        this.findings.add("8.unreadable", where, "a signed checkpoint");
      } else if (checkpoint.origin !== this.walker.origin) {
        this.findings.add("8.other-ledger", where, this.walker.origin ?? "", checkpoint.origin);
      } else {
        await this.checkKnownNote(where, checkpoint);
      }
    }
  }

  async checkKnownNote(where, checkpoint) {
    const vouched = await this.isVouched(checkpoint);
    if (!vouched) this.findings.add("8.signature", where, "a line of a key known for this ledger", "none");
    if (!this.compare(where, checkpoint, vouched)) {
      this.result.accusations.push({ where, known: textOf(checkpoint.note.raw), shown: noteText(this.checkpoint) });
      return;
    }
    const mark = this.walker.marks.get(checkpoint.size);
    for (const key of witnessesOf(this.trust, this.own())) {
      if (mark?.latest && (await isLineGood(checkpoint, key))) {
        const latest = { index: mark.size - 1, recordedAt: mark.latest };
        checkTime(where, await checkCosignature(checkpoint, key), latest, this.findings);
      }
    }
  }

  compare(where, { size, root }, vouched) {
    const mark = this.walker.marks.get(size), shown = this.checkpoint?.size ?? this.walker.size;
    const isLarger = size > shown;
    if (isLarger || (mark && !same(mark.root, root))) {
      this.contradicted = true;
      const expected = isLarger ? `at least ${size} entries` : base64Of(root);
      const found = isLarger ? `${shown} entries` : `at size ${size}: ${base64Of(mark.root)}`;
      this.findings.add(isLarger ? "8.larger" : "8.different", where, expected, found);
      return false;
    }
    if (mark && vouched) this.covered = Math.max(this.covered, size);
    return true;
  }

  /** Whether both log keys of its size, a trusted key or a trusted witness have signed a note from outside. */
  async isVouched(checkpoint) {
    const keys = this.walker.keysAt(checkpoint.size);
    if (keys && (await isLineGood(checkpoint, keys[0])) && (await isLineGood(checkpoint, keys[1]))) return true;
    for (const key of [...this.trust.keys, ...witnessesOf(this.trust, this.own())]) {
      if (await isLineGood(checkpoint, key)) return true;
    }
    return false;
  }

  own() {
    const { logKeys, everNamed } = this.walker;
    return new Set([...logKeys.flatMap(({ keys }) => keys.map((key) => key.hex)), ...everNamed]);
  }

  async checkWitnesses() {
    const { checkpoint, walker } = this, mark = checkpoint && walker.marks.get(checkpoint.size);
    const isOfThisTree = mark && mark.latest && same(mark.root, checkpoint.root);
    const latest = isOfThisTree ? { index: mark.size - 1, recordedAt: mark.latest } : null;
    const cosigned = await checkWitnesses(checkpoint, this.trust, this.own(), latest, this.findings);
    if (cosigned) this.compare("checkpoint", checkpoint, true);
  }

  /** Check 7 of the keys shown. Entries of a later version may have rotated them. */
  async checkVkeys() {
    const found = await this.read("log.vkey", MOST_VKEYS, "7.vkeys"), keys = this.walker.keysAt(this.size);
    if (found === null || keys === null) return;
    if (!same(found, utf8(keys.map((key) => `${key.vkey}\n`).join("")))) {
      this.findings.add(this.walker.doubt("7.vkeys"), "log.vkey", "the two keys in force, one a line, Ed25519 first", "others");
    }
  }

  async checkStamps(stamps) {
    for (const [size, response] of stamps) {
      const where = `timestamps/${size}.tsr`, mark = this.walker.marks.get(size);
      if (!mark || this.checkpoint === null || size > this.size) {
        this.findings.add("10.timestamp", where, "a size that this ledger had", String(size));
        continue;
      }
      const text = utf8(`${this.checkpoint.origin}\n${size}\n${base64Of(mark.root)}\n`);
      await checkTimestamp(where, response, text, this.findings);
    }
  }

  /** Check 7: nothing else is there. */
  checkFiles() {
    for (const name of this.zip.names()) {
      if (!this.seen.has(name)) this.findings.add(codeOfStray(name), name, "no file of this name at this size", "one");
    }
    for (const name of this.zip.strange) this.findings.add("7.file", name, "a plain file that stands once", "something else");
  }

  describe() {
    const { result, walker } = this;
    result.size = walker.size;
    for (const [size, mark] of walker.marks) result.roots.set(size, mark.root);
    const span = walker.size - this.covered;
    if (span > 0) result.notices.push({ word: "unwitnessed", first: this.covered, count: span });
    result.notices.push({ word: "entries", count: walker.size });
  }
}

const noteText = (checkpoint) => (checkpoint === null ? "" : textOf(checkpoint.note.raw));

// Fields that were opened for an auditor: openings.json (docs/format.md section 11; section 12, check 12).

const OPENINGS_FAMILY = "disclosure-ledger/openings/";
const OPENINGS_FORMAT = `${OPENINGS_FAMILY}v1`;

class Openings {
  constructor(findings) {
    Object.assign(this, { findings, waiting: new Map(), opened: new Set() });
  }

  async read(bytes) {
    await attempt(() => {
      for (const one of readOpenings(bytes)) {
        this.waiting.set(one.index, [...(this.waiting.get(one.index) ?? []), one]);
      }
    }, (error) => {
      const code = error instanceof UnknownVersion ? "1.version" : "12.openings";
      this.findings.add(code, "openings.json", "openings in their one spelling", error.message);
    });
  }

  /** What is opened of the entry at hand, which is null where it cannot be read. */
  async take(index, entry, isLater) {
    const openings = this.waiting.get(index) ?? [];
    this.waiting.delete(index);
    for (const one of openings) {
      if (entry === null) {
        this.fault(index, "a sealed entry", "one that cannot be read", isLater ? "1.version" : "12.opening");
        continue;
      }
      this.opened.add(index);
      await attempt(() => checkOpening(one, entry), (error) => this.fault(index, "an opening of this entry", error.message));
    }
  }

  finish(walker) {
    for (const index of [...this.waiting.keys()].sort((one, other) => one - other)) {
      this.fault(index, "an entry of this ledger", "none");
    }
    for (const index of this.opened) {
      if (walker.isErased(index)) this.fault(index, "nothing: it was erased", "its content", "12.left");
    }
  }

  fault(index, expected, found, code = "12.opening") {
    this.findings.take({ code, where: `openings.json, entry ${index}`, index: null, expected, found });
  }
}

function readOpenings(bytes) {
  const value = readJson(bytes);
  const announced = isObject(value) ? value.format : null;
  if (typeof announced === "string" && announced.startsWith(OPENINGS_FAMILY) && announced !== OPENINGS_FORMAT) {
    throw new UnknownVersion("expected openings of version 1");
  }
  const { entries, format } = object(value, "entries", "format");
  if (format !== OPENINGS_FORMAT) throw new Malformed("expected openings");
  return list(entries).map((one) => {
    const partly = isObject(one) && has(one, "content");
    const found = object(one, "index", ...(partly ? ["content"] : ["fields", "salt_root"]));
    if (!isCount(found.index)) throw new Malformed("expected the index of an entry");
    if (partly) return { index: found.index, content: list(found.content) };
    if (!isObject(found.fields)) throw new Malformed("expected all fields");
    const saltRoot = bytesOf(string(found.salt_root));
    if (saltRoot.length !== HASH_SIZE) throw new Malformed("expected a salt root of 32 bytes");
    return { index: found.index, fields: found.fields, saltRoot };
  });
}

async function checkOpening(one, entry) {
  if (entry.root === null) throw new Malformed("expected an entry with sealed content");
  if (one.content) await openContent(entry.kind, entry.root, one.content);
  else await openWhole(entry.kind, entry.root, one.fields, one.saltRoot);
}

// The layout of an audit package's files (C2SP tlog-tiles; docs/format.md section 11).

const TILE_WIDTH = 256;

const tilePath = (level, index, width) => `tile/${level}/${numberPath(index)}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
const bundlePath = (index, width) => tilePath("entries", index, width);

/** A number in groups of three digits, all but the last behind an x. */
function numberPath(index) {
  const digits = String(index), groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.../g);
  return groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join("/");
}

/** The code of a finding about a file that should not be there. */
function codeOfStray(name) {
  const [, level, number, , width] = /^tile\/(entries|0|[1-9][0-9]?)\/((x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(name) ?? [];
  if (level === undefined || Number(level) > 63 || Number(width ?? 1) > TILE_WIDTH || width === String(TILE_WIDTH)) return "7.file";
  const index = Number(number.replace(/[x/]/g, ""));
  if (numberPath(index) !== number || index > MOST_INTEGER) return "7.file";
  return level === "entries" ? "7.bundle" : "7.tile";
}

/** The size that a handover or a timestamp is named by, in its one spelling; null for any other path. */
function sizeInName(name, folder, ending) {
  if (!name.startsWith(`${folder}/`) || !name.endsWith(ending)) return null;
  const text = name.slice(folder.length + 1, name.length - ending.length);
  return /^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number(text) <= MOST_INTEGER ? Number(text) : null;
}

/** The notes of a bundle, each after its length in two bytes. */
function readBundle(bytes) {
  const notes = [];
  let place = 0;
  while (place < bytes.length) {
    const begin = place + 2;
    place = begin + (place + 1 < bytes.length ? bytes[place] * 256 + bytes[place + 1] : bytes[place]);
    if (place > bytes.length) throw new Malformed("expected a bundle that ends with an entry");
    notes.push(bytes.subarray(begin, place));
    if (notes.length > TILE_WIDTH) throw new Malformed(`expected a bundle of at most ${TILE_WIDTH} entries`);
  }
  return notes;
}

/** The tiles of a growing tree: each full one is given out once, what is not full yet is kept. */
class TileEdge {
  constructor() {
    this.size = 0;
    this.rows = [];
  }

  async append(leaf) {
    const full = [];
    let hash = leaf;
    this.size++;
    for (let level = 0; ; level++) {
      const row = (this.rows[level] ??= []);
      row.push(hash);
      if (row.length < TILE_WIDTH) return full;
      full.push([tilePath(level, Math.floor(this.size / TILE_WIDTH ** (level + 1)) - 1, TILE_WIDTH), joined(...row)]);
      hash = await rootOfFull(row);
      row.length = 0;
    }
  }

  partial() {
    return this.rows.flatMap((row, level) => {
      if (!row.length) return [];
      return [[tilePath(level, Math.floor(this.size / TILE_WIDTH ** (level + 1)), row.length), joined(...row)]];
    });
  }
}

async function rootOfFull(row) {
  let hashes = row;
  while (hashes.length > 1) {
    const pairs = Array.from({ length: hashes.length / 2 }, (_, place) => [hashes[2 * place], hashes[2 * place + 1]]);
    hashes = await Promise.all(pairs.map(([left, right]) => nodeHash(left, right)));
  }
  return hashes[0];
}

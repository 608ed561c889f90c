// The stream map: a sparse Merkle tree from a stream's tag to its length and last entry (docs/format.md section 6).

const NO_STREAM = new Uint8Array(HASH_SIZE);
const MOST_SIBLINGS = 256;

const streamLeaf = (end) => sha256(Uint8Array.of(0x10), end.tag, eightBytes(end.length), end.head);
const mapNode = (left, right) => sha256(Uint8Array.of(0x11), left, right);

const bitOf = (tag, depth) => (tag[depth >> 3] >> (7 - (depth & 7))) & 1;

/** The map of streams as they grow; what did not change keeps its hash. */
class StreamMap {
  constructor() {
    this.ends = new Map();
    this.top = null;
  }

  get(tag) {
    return this.ends.get(hexOf(tag)) ?? null;
  }

  put(end) {
    this.ends.set(hexOf(end.tag), end);
    this.top = planted(this.top, end, 0);
  }

  root() {
    return hashOfBranch(this.top);
  }
}

function planted(branch, end, depth) {
  if (branch === null || (branch.end && same(branch.end.tag, end.tag))) return { end, hash: null };
  const sides = branch.sides ?? [null, null];
  if (branch.end) sides[bitOf(branch.end.tag, depth)] = branch;
  const bit = bitOf(end.tag, depth);
  sides[bit] = planted(sides[bit], end, depth + 1);
  return { sides, hash: null };
}

async function hashOfBranch(branch) {
  if (branch === null) return NO_STREAM;
  branch.hash ??= branch.end
    ? await streamLeaf(branch.end)
    : await mapNode(await hashOfBranch(branch.sides[0]), await hashOfBranch(branch.sides[1]));
  return branch.hash;
}

/** Establishes what the map of this root says where the walk to a tag ends; whether that is the tag's own leaf. */
async function checkMapProof(tag, siblings, end, root) {
  if (siblings.length > MOST_SIBLINGS) throw new Malformed(`expected at most ${MOST_SIBLINGS} siblings`);
  if (siblings.length && same(siblings[siblings.length - 1], NO_STREAM)) {
    throw new Malformed("expected a proof that ends where the walk does");
  }
  for (let depth = 0; depth < siblings.length; depth++) {
    if (bitOf(end.tag, depth) !== bitOf(tag, depth)) throw new Malformed("expected a leaf on the way to the tag");
  }
  let hash = await streamLeaf(end);
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    hash = bitOf(tag, depth) ? await mapNode(siblings[depth], hash) : await mapNode(hash, siblings[depth]);
  }
  if (!same(hash, root)) throw new ProofFailed("the proof leads to another map");
  return same(end.tag, tag);
}

/** The end of a stream, as evidence holds it. */
function readEnd(value) {
  const { head, length, tag } = object(value, "head", "length", "tag");
  if (!isCount(length) || length < 1) throw new Malformed("expected a stream of at least one entry");
  return { tag: hashOf(string(tag)), length, head: hashOf(string(head)) };
}

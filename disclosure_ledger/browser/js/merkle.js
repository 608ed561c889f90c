// The tree of RFC 6962 section 2 (docs/format.md section 7). Sizes reach 2^53, so no operator of 32 bits is used.

const LEAF = Uint8Array.of(0x00), NODE = Uint8Array.of(0x01);

const leafHash = (note) => sha256(LEAF, note);
const nodeHash = (left, right) => sha256(NODE, left, right);

const half = (number) => Math.floor(number / 2);
const isOdd = (number) => number % 2 === 1;

/** A tree that grows by leaves: the roots of its complete subtrees, largest first. */
class Tree {
  constructor() {
    this.size = 0;
    this.nodes = [];
  }

  async append(leaf) {
    for (let size = this.size; isOdd(size); size = half(size)) leaf = await nodeHash(this.nodes.pop(), leaf);
    this.nodes.push(leaf);
    this.size++;
  }

  async root() {
    if (!this.nodes.length) return sha256(new Uint8Array());
    let root = this.nodes[this.nodes.length - 1];
    for (let place = this.nodes.length - 2; place >= 0; place--) root = await nodeHash(this.nodes[place], root);
    return root;
  }
}

/** Establishes that a leaf stands at an index of the tree of this size and root. */
async function checkInclusion(leaf, index, size, proof, root) {
  if (!isCount(index) || index >= size) throw new ProofFailed("the tree does not reach to this index");
  let hash = leaf, place = index, last = size - 1;
  for (const sibling of proof) {
    if (last === 0) throw new ProofFailed("expected a shorter inclusion proof");
    if (isOdd(place) || place === last) {
      hash = await nodeHash(sibling, hash);
      while (!isOdd(place) && place > 0) [place, last] = [half(place), half(last)];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last !== 0) throw new ProofFailed("expected a longer inclusion proof");
  if (!same(hash, root)) throw new ProofFailed("the inclusion proof leads to another root");
}

/** Establishes that the tree of one size is the beginning of the tree of another (RFC 9162 section 2.1.4.2). */
async function checkConsistency(older, newer, olderRoot, newerRoot, proof) {
  if (older < 1 || older > newer) throw new ProofFailed("expected a consistency proof between sizes that grow");
  if (older === newer) {
    if (proof.length || !same(olderRoot, newerRoot)) throw new ProofFailed("two roots stand for one size");
    return;
  }
  const hashes = [...proof];
  let place = older - 1, last = newer - 1;
  while (isOdd(place)) [place, last] = [half(place), half(last)];
  if (place > 0 && !hashes.length) throw new ProofFailed("expected a longer consistency proof");
  const first = place === 0 ? olderRoot : hashes.shift();
  let old = first, now = first;
  for (const sibling of hashes) {
    if (last === 0) throw new ProofFailed("expected a shorter consistency proof");
    if (isOdd(place) || place === last) {
      [old, now] = [await nodeHash(sibling, old), await nodeHash(sibling, now)];
      while (!isOdd(place) && place > 0) [place, last] = [half(place), half(last)];
    } else {
      now = await nodeHash(now, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  if (last !== 0) throw new ProofFailed("expected a longer consistency proof");
  if (!same(old, olderRoot) || !same(now, newerRoot)) throw new ProofFailed("the consistency proof leads elsewhere");
}

// SHAKE128 and SHAKE256 (FIPS 202), which ML-DSA needs and WebCrypto does not have. Lanes are pairs of 32 bits.

const ROUND_CONSTANTS = (() => {
  const found = [];
  let state = 1;
  for (let round = 0; round < 24; round++) {
    const pair = [0, 0]; // low, high
    for (let bit = 0; bit < 7; bit++) {
      if (state & 1) {
        const place = (1 << bit) - 1;
        if (place < 32) pair[0] |= 1 << place; else pair[1] |= 1 << (place - 32);
      }
      state = state & 0x80 ? ((state << 1) ^ 0x171) & 0xff : state << 1;
    }
    found.push(pair);
  }
  return found;
})();

/** For each step of rho and pi: the lane that takes the one at hand, and by how much it is turned. */
const TURNS = (() => {
  const found = [];
  let x = 1, y = 0;
  for (let step = 0; step < 24; step++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    found.push([x + 5 * y, (((step + 1) * (step + 2)) / 2) % 64]);
  }
  return found;
})();

function permute(state) {
  const low = new Int32Array(5), high = new Int32Array(5), kept = new Int32Array(10);
  for (const [roundLow, roundHigh] of ROUND_CONSTANTS) {
    mixColumns(state, low, high);
    turnLanes(state);
    for (let row = 0; row < 50; row += 10) mixRow(state, row, kept);
    state[0] ^= roundLow;
    state[1] ^= roundHigh;
  }
}

function mixColumns(state, low, high) {
  for (let x = 0; x < 5; x++) {
    low[x] = high[x] = 0;
    for (let lane = 2 * x; lane < 50; lane += 10) {
      low[x] ^= state[lane];
      high[x] ^= state[lane + 1];
    }
  }
  for (let x = 0; x < 5; x++) {
    const before = (x + 4) % 5, after = (x + 1) % 5;
    const ofLow = low[before] ^ ((low[after] << 1) | (high[after] >>> 31));
    const ofHigh = high[before] ^ ((high[after] << 1) | (low[after] >>> 31));
    for (let lane = 2 * x; lane < 50; lane += 10) {
      state[lane] ^= ofLow;
      state[lane + 1] ^= ofHigh;
    }
  }
}

function turnLanes(state) {
  let low = state[2], high = state[3];
  for (const [lane, turn] of TURNS) {
    const nextLow = state[2 * lane], nextHigh = state[2 * lane + 1], by = turn % 32;
    const left = turn < 32 ? low : high, right = turn < 32 ? high : low;
    state[2 * lane] = by ? (left << by) | (right >>> (32 - by)) : left;
    state[2 * lane + 1] = by ? (right << by) | (left >>> (32 - by)) : right;
    low = nextLow;
    high = nextHigh;
  }
}

function mixRow(state, row, kept) {
  for (let lane = 0; lane < 10; lane++) kept[lane] = state[row + lane];
  for (let lane = 0; lane < 10; lane++) {
    state[row + lane] = kept[lane] ^ (~kept[(lane + 2) % 10] & kept[(lane + 4) % 10]);
  }
}

/** An extendable output: `squeeze` gives further bytes of it. */
class Shake {
  constructor(rate, ...parts) {
    this.rate = rate;
    this.state = new Int32Array(50);
    this.bytes = new Uint8Array(this.state.buffer); // every machine that runs a browser is little-endian
    this.place = 0;
    for (const part of parts) for (const byte of part) this.absorb(byte);
    this.bytes[this.place] ^= 0x1f;
    this.bytes[rate - 1] ^= 0x80;
    permute(this.state);
    this.place = 0;
  }

  absorb(byte) {
    this.bytes[this.place++] ^= byte;
    if (this.place === this.rate) {
      permute(this.state);
      this.place = 0;
    }
  }

  squeeze(size) {
    const found = new Uint8Array(size);
    for (let place = 0; place < size; place++) {
      if (this.place === this.rate) {
        permute(this.state);
        this.place = 0;
      }
      found[place] = this.bytes[this.place++];
    }
    return found;
  }
}

const shake128 = (...parts) => new Shake(168, ...parts);
const shake256 = (...parts) => new Shake(136, ...parts);

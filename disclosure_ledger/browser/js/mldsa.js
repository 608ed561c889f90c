// Verification of ML-DSA-44 with an empty context (FIPS 204, algorithms 3 and 8). There is no secret in it.
//
// Products stay below 2^47, so that the language's numbers hold them exactly.

const Q = 8380417, N = 256, ROWS = 4, COLUMNS = 4;
const GAMMA1 = 1 << 17, GAMMA2 = (Q - 1) / 88, BETA = 78, OMEGA = 80, TAU = 39, DROPPED = 13;
const PUBLIC_SIZE = 1312, SIGNATURE_SIZE = 2420, CHALLENGE_SIZE = 32, Z_SIZE = 576;

const ZETAS = (() => {
  const powers = [1];
  for (let power = 1; power < N; power++) powers.push((powers[power - 1] * 1753) % Q);
  return Array.from({ length: N }, (_, place) => powers[parseInt(place.toString(2).padStart(8, "0").split("").reverse().join(""), 2)]);
})();

/** A number of 0 to 2^47 modulo q. The quotient is at most one off, for it is rounded once; `%` is ten times as slow. */
function mod(value) {
  const rest = value - Math.floor(value / Q) * Q;
  return rest < 0 ? rest + Q : rest;
}

/** Whether a signature over a message verifies under a public key. */
function verifyMldsa(key, message, signature) {
  if (key.length !== PUBLIC_SIZE || signature.length !== SIGNATURE_SIZE) return false;
  const challenge = signature.subarray(0, CHALLENGE_SIZE);
  const z = readZ(signature.subarray(CHALLENGE_SIZE));
  const hints = readHints(signature.subarray(CHALLENGE_SIZE + COLUMNS * Z_SIZE));
  if (z === null || hints === null) return false;
  const mu = shake256(shake256(key).squeeze(64), Uint8Array.of(0, 0), message).squeeze(64);
  const w = rowsOfW(key, z.map(toNtt), toNtt(ballOf(challenge)));
  const packed = w.map((row, place) => packW(row.map((value, at) => useHint(hints[place][at], value))));
  return same(shake256(mu, ...packed).squeeze(CHALLENGE_SIZE), challenge);
}

/** A z - c t1 2^d, each row as numbers from 0 to q - 1. */
function rowsOfW(key, z, c) {
  const rho = key.subarray(0, 32);
  return Array.from({ length: ROWS }, (_, row) => {
    const t = toNtt(readT(key.subarray(32 + row * 320, 32 + (row + 1) * 320)));
    const sum = new Array(N).fill(0);
    for (let column = 0; column < COLUMNS; column++) {
      const a = matrixEntry(rho, row, column);
      for (let at = 0; at < N; at++) sum[at] = mod(sum[at] + a[at] * z[column][at]);
    }
    return fromNtt(sum.map((value, at) => mod(value + Q - mod(c[at] * t[at]))));
  });
}

function toNtt(values) {
  const found = Array.from(values, (value) => ((value % Q) + Q) % Q);
  let place = 0;
  for (let width = 128; width >= 1; width /= 2) {
    for (let start = 0; start < N; start += 2 * width) {
      const zeta = ZETAS[++place];
      for (let at = start; at < start + width; at++) {
        const product = mod(zeta * found[at + width]);
        found[at + width] = mod(found[at] + Q - product);
        found[at] = mod(found[at] + product);
      }
    }
  }
  return found;
}

function fromNtt(values) {
  const found = [...values];
  let place = N;
  for (let width = 1; width < N; width *= 2) {
    for (let start = 0; start < N; start += 2 * width) {
      const zeta = Q - ZETAS[--place];
      for (let at = start; at < start + width; at++) {
        const kept = found[at];
        found[at] = mod(kept + found[at + width]);
        found[at + width] = mod(zeta * (kept + Q - found[at + width]));
      }
    }
  }
  return found.map((value) => mod(value * 8347681)); // 1/256
}

/** One polynomial of the matrix, from the seed in the key (algorithm 30). */
function matrixEntry(rho, row, column) {
  const stream = shake128(rho, Uint8Array.of(column, row)), found = [];
  while (found.length < N) {
    const block = stream.squeeze(168);
    for (let place = 0; place < block.length && found.length < N; place += 3) {
      const value = block[place] | (block[place + 1] << 8) | ((block[place + 2] & 0x7f) << 16);
      if (value < Q) found.push(value);
    }
  }
  return found;
}

/** The challenge's polynomial: 39 coefficients of 1 or -1 (algorithm 29). */
function ballOf(challenge) {
  const stream = shake256(challenge), signs = stream.squeeze(8), found = new Array(N).fill(0);
  for (let at = N - TAU, bit = 0; at < N; at++, bit++) {
    let place = stream.squeeze(1)[0];
    while (place > at) place = stream.squeeze(1)[0];
    found[at] = found[place];
    found[place] = (signs[bit >> 3] >> (bit & 7)) & 1 ? -1 : 1;
  }
  return found;
}

/** Numbers of some bits each, little-endian. */
function unpacked(bytes, bits) {
  const found = [];
  let held = 0, count = 0;
  for (const byte of bytes) {
    held += byte * 2 ** count;
    count += 8;
    while (count >= bits) {
      found.push(held % 2 ** bits);
      held = Math.floor(held / 2 ** bits);
      count -= bits;
    }
  }
  return found;
}

const readT = (bytes) => unpacked(bytes, 10).map((value) => value * 2 ** DROPPED);

/** The response; null where a coefficient is too large. */
function readZ(bytes) {
  const found = [];
  for (let column = 0; column < COLUMNS; column++) {
    const values = unpacked(bytes.subarray(column * Z_SIZE, (column + 1) * Z_SIZE), 18).map((value) => GAMMA1 - value);
    if (values.some((value) => Math.abs(value) >= GAMMA1 - BETA)) return null;
    found.push(values);
  }
  return found;
}

/** The hints, in their one spelling (algorithm 21); null for any other. */
function readHints(bytes) {
  const found = [];
  let place = 0;
  for (let row = 0; row < ROWS; row++) {
    const hints = new Array(N).fill(0), end = bytes[OMEGA + row];
    if (end < place || end > OMEGA) return null;
    for (let first = place; place < end; place++) {
      if (place > first && bytes[place - 1] >= bytes[place]) return null;
      hints[bytes[place]] = 1;
    }
    found.push(hints);
  }
  return bytes.subarray(place, OMEGA).some((byte) => byte !== 0) ? null : found;
}

/** The high part of a number, put right by its hint (algorithms 36 and 40). */
function useHint(hint, value) {
  let low = value % (2 * GAMMA2);
  if (low > GAMMA2) low -= 2 * GAMMA2;
  const top = value - low === Q - 1;
  const high = top ? 0 : (value - low) / (2 * GAMMA2);
  if (top) low -= 1;
  if (!hint) return high;
  return low > 0 ? (high + 1) % 44 : (high + 43) % 44;
}

/** The high parts in six bits each. */
function packW(values) {
  const found = new Uint8Array(192);
  for (let place = 0; place < N; place++) {
    const bit = place * 6;
    found[bit >> 3] |= (values[place] << (bit & 7)) & 0xff;
    if ((bit & 7) > 2) found[(bit >> 3) + 1] |= values[place] >> (8 - (bit & 7));
  }
  return found;
}

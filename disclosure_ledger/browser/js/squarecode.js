// The square code of a page, made again to be compared: a QR code of model 2 and level M (ISO/IEC 18004), one segment of
// bytes in the smallest version that has room, under any of the eight masks (docs/format.md section 13).

const QUIET = 4;

/** By version: how many check words a block has, then how many data words each block has (table 9). */
const CODE_BLOCKS = [
  [], [10, 16], [16, 28], [26, 44], [18, 32, 32], [24, 43, 43], [16, 27, 27, 27, 27], [18, 31, 31, 31, 31],
  [22, 38, 38, 39, 39], [22, 36, 36, 36, 37, 37], [26, 43, 43, 43, 43, 44],
];

/** By version: the rows and columns on which alignment patterns are centred (annex E). */
const CODE_CENTRES = [[], [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50]];

/** Whether the module of a row and a column is turned over, by mask (7.8.2). */
const CODE_MASKS = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

/** Whether a path on a field of some width draws the code of a text. */
function isCodeOf(text, path, width) {
  const bytes = utf8(text), version = CODE_BLOCKS.findIndex((_, at) => at > 0 && bytes.length <= codeRoom(at));
  const side = 17 + 4 * version;
  if (version < 0 || width !== side + 2 * QUIET) return false;
  return codesOf(bytes, version).includes(path);
}

/** Every code of some bytes: what fills the room behind them means nothing, and segno puts a zero word before it. */
function codesOf(bytes, version) {
  return [[], [0]].flatMap((filling) => {
    const words = interleaved(dataWords(bytes, version, filling), version);
    return CODE_MASKS.map((_, mask) => codePath(codeModules(words, version, mask)));
  });
}

const dataCount = (version) => CODE_BLOCKS[version].slice(1).reduce((sum, count) => sum + count, 0);

/** How many bytes of text a version holds: before them stand four bits and their count, of 8 bits or of 16. */
const codeRoom = (version) => dataCount(version) - (version < 10 ? 2 : 3);

function dataWords(bytes, version, filling) {
  const bits = [], count = dataCount(version);
  const add = (value, width) => {
    for (let bit = width - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  add(0b0100, 4);
  add(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => add(byte, 8));
  add(0, Math.min(4, count * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = Array.from({ length: bits.length / 8 }, (_, at) => parseInt(bits.slice(at * 8, at * 8 + 8).join(""), 2));
  if (words.length < count) words.push(...filling);
  for (let pad = 0xec; words.length < count; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** The data words of all blocks in turns, then their check words in turns. */
function interleaved(words, version) {
  const [checks, ...counts] = CODE_BLOCKS[version], blocks = [];
  for (let at = 0; blocks.length < counts.length; at += counts[blocks.length - 1]) {
    blocks.push(words.slice(at, at + counts[blocks.length]));
  }
  const inTurns = (rows) => Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, at) =>
    rows.filter((row) => at < row.length).map((row) => row[at])).flat();
  return [...inTurns(blocks), ...inTurns(blocks.map((block) => checkWords(block, checks)))];
}

const FIELD_POWERS = Array.from({ length: 255 });
FIELD_POWERS.reduce((power, _, at) => ((FIELD_POWERS[at] = power), power < 128 ? power * 2 : (power * 2) ^ 0x11d), 1);

const fieldProduct = (one, other) =>
  one && other ? FIELD_POWERS[(FIELD_POWERS.indexOf(one) + FIELD_POWERS.indexOf(other)) % 255] : 0;

/** The rest of the words, as a polynomial over GF(2^8), by the product of x - 2^k for as many k as there are check words. */
function checkWords(words, count) {
  let divisor = [1];
  for (let power = 0; power < count; power++) {
    const moved = [0, ...divisor.map((one) => fieldProduct(one, FIELD_POWERS[power]))];
    divisor = moved.map((one, at) => one ^ (divisor[at] ?? 0));
  }
  const rest = [...words, ...new Array(count).fill(0)];
  for (let at = 0; at < words.length; at++) {
    const factor = rest[at];
    divisor.forEach((one, place) => (rest[at + place] ^= fieldProduct(one, factor)));
  }
  return rest.slice(words.length);
}

/** A number with the rest of its division by a polynomial over GF(2) behind it (annexes C and D). */
function withRest(number, divisor) {
  const degree = 31 - Math.clz32(divisor);
  let rest = number << degree;
  while (31 - Math.clz32(rest) >= degree) rest ^= divisor << (31 - Math.clz32(rest) - degree);
  return (number << degree) | rest;
}

/** Every module of the code, dark or not, row by row. */
function codeModules(words, version, mask) {
  const side = 17 + 4 * version, rows = Array.from({ length: side }, () => new Array(side).fill(null));
  const rings = (row, column, most, dark) => {
    for (let y = Math.max(0, row - most); y <= Math.min(side - 1, row + most); y++) {
      for (let x = Math.max(0, column - most); x <= Math.min(side - 1, column + most); x++) {
        rows[y][x] = dark.includes(Math.max(Math.abs(y - row), Math.abs(x - column)));
      }
    }
  };
  for (let at = 0; at < side; at++) rows[6][at] = rows[at][6] = at % 2 === 0;
  for (const [row, column] of [[3, 3], [3, side - 4], [side - 4, 3]]) rings(row, column, 4, [0, 1, 3]);
  const centres = CODE_CENTRES[version], last = centres[centres.length - 1];
  for (const row of centres) {
    for (const column of centres) {
      const isFinder = [[6, 6], [6, last], [last, 6]].some(([y, x]) => y === row && x === column);
      if (!isFinder) rings(row, column, 2, [0, 2]);
    }
  }
  drawNumbers(rows, version, mask);
  fillWords(rows, words, mask);
  return rows;
}

/** What says level and mask, twice, and from version 7 on the version, twice. */
function drawNumbers(rows, version, mask) {
  const side = rows.length, format = withRest(mask, 0x537) ^ 0x5412; // level M is 00
  for (let bit = 0; bit < 15; bit++) {
    const dark = ((format >> bit) & 1) === 1;
    rows[bit < 6 ? bit : bit < 8 ? bit + 1 : 8][bit < 8 ? 8 : bit === 8 ? 7 : 14 - bit] = dark;
    rows[bit < 8 ? 8 : side - 15 + bit][bit < 8 ? side - 1 - bit : 8] = dark;
  }
  rows[side - 8][8] = true;
  const told = withRest(version, 0x1f25);
  for (let bit = 0; version >= 7 && bit < 18; bit++) {
    const near = Math.floor(bit / 3), far = side - 11 + (bit % 3);
    rows[near][far] = rows[far][near] = ((told >> bit) & 1) === 1;
  }
}

/** The words, bit by bit, in columns of two from the right, up and down in turns; what is left over is light. */
function fillWords(rows, words, mask) {
  const side = rows.length;
  let place = 0, isUp = true;
  for (let right = side - 1; right > 0; right -= right === 8 ? 3 : 2, isUp = !isUp) {
    for (let step = 0; step < side; step++) {
      const row = isUp ? side - 1 - step : step;
      for (const column of [right, right - 1].filter((one) => rows[row][one] === null)) {
        const dark = (((words[place >> 3] ?? 0) >> (7 - (place & 7))) & 1) === 1;
        rows[row][column] = dark !== CODE_MASKS[mask](row, column);
        place++;
      }
    }
  }
}

/** Each run of dark modules of a row as one rectangle, within the quiet zone. */
function codePath(rows) {
  return rows.map((row, y) => {
    const text = row.map((dark) => (dark ? "1" : "0")).join("");
    return [...text.matchAll(/1+/g)].map(({ 0: run, index }) =>
      `M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`).join("");
  }).join("");
}

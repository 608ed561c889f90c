// Text to value, one spelling only (docs/format.md section 1), and the bytes under everything else.
//
// What is malformed is thrown as Malformed, a proof that leads elsewhere as ProofFailed, and what a later version of the
// format would say as UnknownVersion. Whoever verifies turns them into findings. No message holds a client's data.

class Malformed extends Error {}
class ProofFailed extends Error {}
class UnknownVersion extends Error {}

const MOST_INTEGER = Number.MAX_SAFE_INTEGER; // 2^53 - 1
const HASH_SIZE = 32;

const encoder = new TextEncoder();

const utf8 = (text) => encoder.encode(text);

function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Malformed("expected UTF-8");
  }
}

function asciiOf(bytes) {
  const text = textOf(bytes);
  if (!isAscii(text)) throw new Malformed("expected ASCII");
  return text;
}

const isAscii = (text) => !/[^\x00-\x7f]/.test(text);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

const same = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);

/** Where a sequence of bytes stands first from a place on, or -1. */
function find(bytes, wanted, from = 0) {
  for (let place = bytes.indexOf(wanted[0], from); place >= 0; place = bytes.indexOf(wanted[0], place + 1)) {
    if (same(bytes.subarray(place, place + wanted.length), wanted)) return place;
  }
  return -1;
}

function findLast(bytes, wanted, before = bytes.length) {
  for (let place = bytes.lastIndexOf(wanted[0], before); place >= 0; place = bytes.lastIndexOf(wanted[0], place - 1)) {
    if (same(bytes.subarray(place, place + wanted.length), wanted)) return place;
    if (place === 0) break;
  }
  return -1;
}

const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function base64Of(bytes) {
  let binary = "";
  for (let place = 0; place < bytes.length; place += 8192) {
    binary += String.fromCharCode(...bytes.subarray(place, place + 8192));
  }
  return btoa(binary);
}

/** The bytes that canonical base64 names: padded, and the bits that no byte uses are zero. */
function bytesOf(text) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new Malformed("expected standard padded base64");
  }
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  if (base64Of(bytes) !== text) throw new Malformed("expected canonical base64: unused bits must be zero");
  return bytes;
}

function hashOf(text) {
  const bytes = bytesOf(text);
  if (bytes.length !== HASH_SIZE) throw new Malformed("expected a hash of 32 bytes");
  return bytes;
}

function decimal(text) {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text)) {
    throw new Malformed("expected a decimal number without sign or leading zero");
  }
  const number = Number(text);
  if (number > MOST_INTEGER) throw new Malformed("expected a number of at most 2^53-1");
  return number;
}

/** A number as 8 bytes, big-endian. */
function eightBytes(number) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number));
  return bytes;
}

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

/** A day of the calendar; it stays the text it is, for days compare as their texts do. */
function date(text) {
  if (typeof text !== "string" || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) {
    throw new Malformed("expected a date as YYYY-MM-DD");
  }
  if (text.startsWith("0000") || dayText(dayNumber(text)) !== text) {
    throw new Malformed("expected a day that the calendar has");
  }
  return text;
}

/** Days since 1970-01-01. */
function dayNumber(day) {
  const [year, month, number] = day.split("-").map(Number);
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, number);
  return Math.round(moment.getTime() / 86_400_000);
}

const dayText = (number) => new Date(number * 86_400_000).toISOString().slice(-24).slice(0, 10);

/** A moment in UTC with six decimals; it stays the text it is. */
function instant(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z$/.test(text)) {
    throw new Malformed("expected a time as YYYY-MM-DDTHH:MM:SS.ffffffZ");
  }
  date(text.slice(0, 10));
  return text;
}

const dayOf = (moment) => moment.slice(0, 10);

/** Whole seconds since 1970, cut off. */
function secondsOf(moment) {
  const [hours, minutes, seconds] = moment.slice(11, 19).split(":").map(Number);
  return dayNumber(dayOf(moment)) * 86_400 + hours * 3600 + minutes * 60 + seconds;
}

/** The first day on which what was recorded on a day may be erased (section 8). */
function keptUntil(day) {
  const year = String(Math.min(Number(day.slice(0, 4)) + 6, 9999)).padStart(4, "0");
  return day.endsWith("-02-29") ? `${year}-03-01` : year + day.slice(4);
}

function originOf(text) {
  if (!/^[!-*,-~]{1,120}$/.test(text)) throw new Malformed("expected an origin of 1 to 120 printable ASCII characters");
  return text;
}

/** Compares texts by code point, as sorting in section 11 asks; `<` compares UTF-16. */
function byCodePoint(one, other) {
  const left = Array.from(one), right = Array.from(other);
  for (let place = 0; place < Math.min(left.length, right.length); place++) {
    const difference = left[place].codePointAt(0) - right[place].codePointAt(0);
    if (difference) return difference;
  }
  return left.length - right.length;
}

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

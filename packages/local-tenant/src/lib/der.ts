/**
 * The few types of ASN.1 that a certificate is made of, in their DER encoding (ITU-T X.690, section 10). Each
 * function answers a whole element: its tag, its length and its content.
 */

/** An element with the given tag around what it consists of. */
export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(body.length)]), body]);
}

export const sequence = (...items: readonly Buffer[]): Buffer => element(0x30, ...items);
export const set = (...items: readonly Buffer[]): Buffer => element(0x31, ...items);
export const octets = (bytes: Buffer): Buffer => element(0x04, bytes);
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text));
export const nothing = (): Buffer => element(0x05);

/** `[number]` around other elements. */
export const tagged = (number: number, ...items: readonly Buffer[]): Buffer =>
  element(0xa0 | number, ...items);

/** `[number] IMPLICIT` of a type whose content is plain bytes. */
export const implicit = (number: number, bytes: Buffer): Buffer => element(0x80 | number, bytes);

export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]));

/** A number that is not negative, by its bytes; the first ones may be zeros. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first === -1 ? Buffer.from([0]) : bytes.subarray(first);
  // A first bit that is set would say that the number is negative.
  return element(0x02, ...((short[0] ?? 0) < 0x80 ? [] : [Buffer.from([0])]), short);
}

/** Bits, of which the last `unused` ones of the last byte do not count. */
export const bits = (bytes: Buffer, unused = 0): Buffer => element(0x03, Buffer.from([unused]), bytes);

/** An object identifier such as `2.5.4.3`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return element(0x06, Buffer.from([40 * first + second, ...rest.flatMap(base128)]));
}

/** A time in seconds, in the form that RFC 5280 section 4.1.2.5 asks for: the short one until 2049. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+Z$|[-:T]/g, "");
  const year = date.getUTCFullYear();
  const short = year >= 1950 && year < 2050;
  return element(short ? 0x17 : 0x18, Buffer.from(`${short ? digits.slice(2) : digits}Z`));
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function base128(number: number): number[] {
  const digits = [number & 0x7f];
  for (let rest = number >> 7; rest > 0; rest >>= 7) digits.unshift(0x80 | (rest & 0x7f));
  return digits;
}

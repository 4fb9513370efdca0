/**
 * Translates UTF-8 byte offsets of a text into UTF-16 offsets. One linear pass; the text of plain ASCII needs none.
 *
 * @example
 * byteOffsets("é;")(2) // 1
 */
export function byteOffsets(text: string): (byte: number) => number {
  if (Buffer.byteLength(text) === text.length) return (byte) => byte;
  const map = new Uint32Array(Buffer.byteLength(text) + 1);
  let byte = 0;
  for (let i = 0; i < text.length; ) {
    const point = text.codePointAt(i) ?? 0;
    const units = point > 0xffff ? 2 : 1;
    map.fill(i, byte, byte + utf8Length(point));
    byte += utf8Length(point);
    i += units;
  }
  map[byte] = text.length;
  return (offset) => map[Math.min(offset, byte)] ?? text.length;
}

function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** The UTF-16 offset of the code point with this number, from 0; the text's end when there is none. */
export function codePointOffset(text: string, points: number): number {
  let offset = 0;
  for (let n = 0; n < points && offset < text.length; n++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

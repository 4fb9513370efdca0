/** The most bytes that a character takes, by character set. Sets that are not listed take one. */
const WIDTHS: Readonly<Record<string, number>> = Object.freeze({
  utf8mb4: 4,
  utf32: 4,
  utf16: 4,
  utf16le: 4,
  gb18030: 4,
  utf8mb3: 3,
  utf8: 3,
  ujis: 3,
  eucjpms: 3,
  ucs2: 2,
  big5: 2,
  gbk: 2,
  gb2312: 2,
  sjis: 2,
  cp932: 2,
  euckr: 2,
});

const NARROW =
  /^(ascii|latin[1257]|binary|cp125[0167]|cp85[0-2]|cp866|dec8|geostd8|greek|hebrew|hp8|keybcs2|koi8[ru]|mac(ce|roman)|swe7|tis620|armscii8)$/;

/** Bytes a character may take; all widths there are when the character set is not known. */
export function widthsOf(charset: string | null): readonly number[] {
  if (charset === null) return [1, 2, 3, 4];
  const width = WIDTHS[charset.toLowerCase()] ?? (NARROW.test(charset.toLowerCase()) ? 1 : null);
  return width === null ? [1, 2, 3, 4] : [width];
}

/** `utf8` is another name of utf8mb3, for as long as a server says so. */
export function canonical(charset: string | null): string | null {
  const name = charset?.toLowerCase() ?? null;
  return name === "utf8" ? "utf8mb3" : name;
}

/** A collation's name begins with its character set's. */
export function charsetOf(collation: string | null): string | null {
  if (collation === null) return null;
  const [first = ""] = collation.toLowerCase().split("_");
  return canonical(first);
}

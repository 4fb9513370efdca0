/** The character sets of both servers, by SHOW CHARACTER SET. */
const CHARACTER_SETS: ReadonlySet<string> = new Set(
  `ARMSCII8 ASCII BIG5 BINARY CP1250 CP1251 CP1256 CP1257 CP850 CP852 CP866 CP932 DEC8 EUCJPMS EUCKR GB18030 GB2312 GBK
  GEOSTD8 GREEK HEBREW HP8 KEYBCS2 KOI8R KOI8U LATIN1 LATIN2 LATIN5 LATIN7 MACCE MACROMAN SJIS SWE7 TIS620 UCS2 UJIS
  UTF16 UTF16LE UTF32 UTF8 UTF8MB3 UTF8MB4`.split(/\s+/),
);

/** Whether a word, in upper case, says which character set the string behind it has: `_utf8mb4`. It is no name then. */
export function isCharacterSetIntroducer(upper: string): boolean {
  return upper.startsWith("_") && CHARACTER_SETS.has(upper.slice(1));
}

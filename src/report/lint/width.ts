/** Combining marks and what has no width of its own. */
const NARROWEST = /\p{Mn}|\p{Me}|[\u200B-\u200D\u2060\uFEFF]/u;

/** East Asian wide and full-width characters, and emoji, which take two cells (Unicode's East Asian Width, W and F). */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is ASCII that is looked for.
const ASCII = /^[\x00-\x7F]*$/;

/** How many cells of a terminal a printable text takes. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** 0, 1 or 2. */
export function charWidth(char: string): number {
  if (ASCII.test(char)) return 1;
  if (NARROWEST.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

import { KEYWORDS } from "./keywords.js";
import type { Token } from "./library.js";

/** One token, or a run of white space, from where it begins. What is not among these is left to PostgreSQL's scanner. */
const PIECE = new RegExp(
  [
    "([ \\t\\n\\r\\f\\v]+)",
    // A prefix such as E or U& changes what the quotes behind it mean.
    "([A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*)(?![\\w$\\u0080-\\uffff'\"&])",
    "(--[^\\n\\r]*)",
    "(?:[(),;[\\]]|\\.(?![.\\d])|::(?![:=]))",
    "\\d+(?:\\.\\d+)?(?![\\w.$\\u0080-\\uffff])",
    // With white space and another string, or a comment, behind it, it might go on there.
    "'[^'\\0]*'(?![\\s]*(?:'|--|/))",
    '"[^"\\0]+"(?!")',
    "(?:[*=]|[<>]=?|<>|!=|\\|\\||[-+]|->>?)(?![~!@#^&|`?+\\-*/%<>=])",
  ].join("|"),
  "y",
);

/** White space that PostgreSQL knows by another name, and characters that it does not print as they are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const STRANGE = /[\x00-\x08\x0e-\x1f]/;

/**
 * The tokens of a text, as PostgreSQL's scanner gives them, where the text holds nothing out of the ordinary: names,
 * plain numbers and strings, common operators, comments to the end of a line. Null for every other text: it is PostgreSQL's
 * scanner that knows. Ten times as fast as that one, which prints JSON.
 */
export function quickScan(text: string): Token[] | null {
  if (STRANGE.test(text)) return null;
  const tokens: Token[] = [];
  for (let start = 0; start < text.length; ) {
    PIECE.lastIndex = start;
    const found = PIECE.exec(text);
    if (found === null) return null;
    const end = PIECE.lastIndex;
    if (found[1] === undefined) tokens.push(tokenOf(text.slice(start, end), start, end, found[2], found[3]));
    start = end;
  }
  return tokens;
}

function tokenOf(
  text: string,
  start: number,
  end: number,
  word: string | undefined,
  comment: string | undefined,
): Token {
  const keyword = word !== undefined && KEYWORDS.has(word.toLowerCase()) ? word.toUpperCase() : null;
  return { start, end, text, keyword, comment: comment !== undefined };
}

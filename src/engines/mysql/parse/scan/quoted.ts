import { emit, emitBroken, type Scanner } from "./scanner.js";

const ESCAPES: Readonly<Record<string, string>> = Object.freeze({
  "0": "\0",
  b: "\b",
  n: "\n",
  r: "\r",
  t: "\t",
  Z: "\x1a",
  // These two stay escaped: they matter to LIKE only ("String Literals" in the manual).
  "%": "\\%",
  _: "\\_",
});

/** `` `x` ``, where a doubled backtick stands for one and a backslash is a backslash. */
export function scanBackticks(scanner: Scanner): boolean {
  if (scanner.text[scanner.position] !== "`") return false;
  const end = closing(scanner.text, scanner.position, "`", false);
  if (end === null) emitBroken(scanner, scanner.text.length, "The quoted name is not closed: a backtick is missing.");
  else emit(scanner, "quoted", end, scanner.text.slice(scanner.position + 1, end - 1).replaceAll("``", "`"));
  return true;
}

/** `'x'`, `"x"` and `N'x'`. Under ANSI_QUOTES double quotes hold a name. */
export function scanString(scanner: Scanner): boolean {
  const { text, position, mode } = scanner;
  const national = (text[position] === "N" || text[position] === "n") && text[position + 1] === "'";
  const open = national ? position + 1 : position;
  const quote = text[open];
  if (quote !== "'" && quote !== '"') return false;
  if (quote === '"' && mode.ansiQuotes) return scanQuotedName(scanner);
  const end = closing(text, open, quote, mode.backslash);
  if (end === null) emitBroken(scanner, text.length, `The string is not closed: ${quote} is missing.`);
  else emit(scanner, "string", end, unescaped(text.slice(open + 1, end - 1), quote, mode.backslash));
  return true;
}

function scanQuotedName(scanner: Scanner): boolean {
  const { text, position } = scanner;
  const end = closing(text, position, '"', false);
  if (end === null) emitBroken(scanner, text.length, 'The quoted name is not closed: " is missing.');
  else emit(scanner, "quoted", end, text.slice(position + 1, end - 1).replaceAll('""', '"'));
  return true;
}

/** The offset behind the closing quote, null when there is none. `open` is the offset of the opening one. */
export function closing(text: string, open: number, quote: string, backslash: boolean): number | null {
  for (let at = open + 1; at < text.length; at += 1) {
    if (backslash && text[at] === "\\") at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return null;
}

/** What a string literal means, from what stands between its quotes. */
function unescaped(inner: string, quote: string, backslash: boolean): string {
  if (!backslash) return inner.replaceAll(quote + quote, quote);
  if (!inner.includes("\\") && !inner.includes(quote)) return inner;
  return inner.replace(/\\([\s\S])|(["'])\2/g, (whole, escaped: string | undefined, doubled: string | undefined) => {
    if (escaped !== undefined) return ESCAPES[escaped] ?? escaped;
    return doubled === quote ? quote : whole;
  });
}

/** MySQL's `$$ ... $$` and `$js$ ... $js$`: the body of a routine in another language, behind AS. */
export function scanDollar(scanner: Scanner): boolean {
  const { text, position, tokens } = scanner;
  if (text[position] !== "$" || scanner.dialect === "mariadb" || tokens.at(-1)?.upper !== "AS") return false;
  const [tag] = /^\$\w{0,64}\$/.exec(text.slice(position, position + 66)) ?? [];
  if (tag === undefined) return false;
  const close = text.indexOf(tag, position + tag.length);
  if (close < 0) emitBroken(scanner, text.length, `The body is not closed: ${tag} is missing.`);
  else emit(scanner, "string", close + tag.length, text.slice(position + tag.length, close));
  return true;
}

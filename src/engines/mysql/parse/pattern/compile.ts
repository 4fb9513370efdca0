import type { AtomKind, Pattern } from "./pattern.js";

/** The pieces of a pattern that have not been read yet, the next one last. */
type Pieces = string[];

/**
 * A statement's grammar, written as the manuals write it: words and signs stand for themselves, `[x]` may be missing,
 * `{x|y}` is one of several, `x ...` a list with commas, `x *` any number, `<name>` and the like an atom. A quoted
 * sign (`'*'`) stands for itself. `<name=a>` and `{x|y}=a` are kept under that key.
 *
 * @example
 * pattern("INSTALL PLUGIN <name> SONAME <string>")
 */
export function pattern(text: string): Pattern {
  const known = made.get(text);
  if (known !== undefined) return known;
  const compiled = compile(text);
  made.set(text, compiled);
  return compiled;
}

/** Most files need few of them: a pattern is made when it is first asked for. */
const made = new Map<string, Pattern>();

function compile(text: string): Pattern {
  const pieces = (text.match(/<[^>]+>|\}=\w+|[[\]{}|*]|\.\.\.|'[^']+'|[A-Z_0-9]+|[^\sA-Z_0-9]/g) ?? []).reverse();
  return sequence(pieces);
}

function sequence(pieces: Pieces): Pattern {
  const parts: Pattern[] = [];
  for (let piece = pieces.at(-1); piece !== undefined && !/^(\]|\||\})/.test(piece); piece = pieces.at(-1)) {
    parts.push(suffixed(primary(pieces), pieces));
  }
  return Object.freeze({ kind: "sequence", parts });
}

function suffixed(part: Pattern, pieces: Pieces): Pattern {
  const suffix = pieces.at(-1);
  if (suffix !== "..." && suffix !== "*") return part;
  pieces.pop();
  return Object.freeze({ kind: suffix === "*" ? "repeat" : "list", part });
}

function primary(pieces: Pieces): Pattern {
  const piece = pieces.pop() ?? "";
  if (piece === "[") {
    const options = choices(pieces);
    pieces.pop();
    return Object.freeze({ kind: "optional", part: Object.freeze({ kind: "choice", options, capture: null }) });
  }
  if (piece === "{") {
    const options = choices(pieces);
    return Object.freeze({ kind: "choice", options, capture: (pieces.pop() ?? "").split("=")[1] ?? null });
  }
  return piece.startsWith("<") ? atom(piece) : Object.freeze({ kind: "word", word: piece.replace(/^'(.+)'$/, "$1") });
}

function choices(pieces: Pieces): Pattern[] {
  const options = [sequence(pieces)];
  while (pieces.at(-1) === "|") {
    pieces.pop();
    options.push(sequence(pieces));
  }
  return options;
}

function atom(piece: string): Pattern {
  const [name = "", capture] = piece.slice(1, -1).split("=");
  return Object.freeze({ kind: "atom", atom: name as AtomKind, capture: capture ?? null });
}

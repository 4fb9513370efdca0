import { DIRECTIVE_KEYS, type Problem } from "./directive-values.js";
import { editDistance, nearest } from "./similar.js";

const PREFIX = "zmigrate";

/** `word`, what divides it from the next word, and that word. */
const TWO_WORDS = /^([A-Za-z-]+)(\s*[:=]\s*|\s+)([A-Za-z]*)/;

/**
 * Why a comment's text (without its markers) was probably meant as a directive but is not spelt as one; null when it is
 * prose. What a person meant to be obeyed must not be passed over. `migrate:up` is another tool's and is left alone.
 *
 * @example
 * misspelt("zmigrate: ignore x -- y") // { reason: 'this looks like a directive ...', help: 'Did you mean ...' }
 */
export function misspelt(body: string): Problem | null {
  const [whole, word = "", divider = "", key = ""] = TWO_WORDS.exec(body) ?? [];
  if (whole === undefined || !looksLikePrefix(word)) return null;
  const meant = DIRECTIVE_KEYS.includes(key.toLowerCase()) ? key.toLowerCase() : nearKey(key, divider);
  const exactWord = word.toLowerCase() === PREFIX;
  if (meant === null && !(exactWord && /[:=]/.test(divider))) return null;
  const reason = `this looks like a directive, but a directive begins with exactly "${PREFIX}:" and its key`;
  return {
    reason,
    help: `Did you mean \`-- ${PREFIX}:${meant ?? "KEY"}\`? The keys are ${DIRECTIVE_KEYS.join(", ")}.`,
  };
}

function looksLikePrefix(word: string): boolean {
  const lower = word.toLowerCase();
  return lower.startsWith("z") && editDistance(lower, PREFIX) <= 2;
}

/** Only a colon makes a directive of a word that is merely near a key: "zmigrate updates ..." is prose. */
function nearKey(key: string, divider: string): string | null {
  return key !== "" && /[:=]/.test(divider) ? nearest(key, DIRECTIVE_KEYS) : null;
}

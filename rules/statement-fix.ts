import type { Fix } from "../src/model/finding.js";
import type { RuleContext } from "./rule.js";

type Written = Pick<RuleContext, "written" | "inTransaction" | "siblings">;

/** True where the statement stands alone: it is one change, in no transaction, and no comment may swallow an insertion. */
const isPlain = (context: Written): boolean => context.siblings.length === 1 && isAlone(context);

/** In no transaction, and without a comment. */
const isAlone = ({ written, inTransaction }: Written): boolean => !inTransaction && !/--|\/\*/.test(written.text);

/** Where a statement ends, before its semicolon. */
const endOf = ({ written }: Written): number => written.start + written.text.replace(/[\s;]+$/, "").length;

/**
 * Puts text behind the words that a statement begins with; undefined where that is not certain.
 *
 * @param words from the statement's first character on
 */
export function insertBehind(context: Written, words: RegExp, text: string): Fix | undefined {
  const found = isPlain(context) ? words.exec(context.written.text) : null;
  if (found === null || found.index !== 0) return undefined;
  const at = context.written.start + found[0].length;
  return { edits: [{ start: at, end: at, text }] };
}

/** Puts text at the end of a statement, before its semicolon; undefined where that is not certain. */
export function append(context: Written, text: string): Fix | undefined {
  if (!isPlain(context)) return undefined;
  const at = endOf(context);
  return { edits: [{ start: at, end: at, text }] };
}

/** Puts text in the place of a whole statement of several changes, before its semicolon; undefined where that is not certain. */
export function replaced(context: Written, text: string): Fix | undefined {
  return isAlone(context) ? { edits: [{ start: context.written.start, end: endOf(context), text }] } : undefined;
}

/** A verdict's optional fix: nothing where there is none. */
export const fixed = (fix: Fix | undefined): { readonly fix?: Fix } => (fix === undefined ? {} : { fix });

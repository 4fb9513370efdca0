import type { Span } from "../model/span.js";
import type { Comment } from "../model/statement.js";

/** A `squawk-ignore` comment. It never fails: its rules may be squawk's alone, and its use is squawk's to judge. */
export interface SquawkIgnore {
  readonly span: Span;
  readonly rules: readonly string[];
  /** `squawk-ignore-file`: the whole file, wherever it stands. */
  readonly wholeFile: boolean;
}

const IGNORE = /^(?:--|\/\*)\s*squawk-ignore(-file)?\s+(.+?)\s*(?:\*\/)?$/;

/**
 * squawk's ignores, honoured for rules whose ids coincide. One without rule names hides everything from squawk and
 * nothing from zmigrate.
 */
export function squawkIgnores(comments: readonly Comment[]): readonly SquawkIgnore[] {
  return comments.flatMap(({ text, span }) => {
    const [, file, names] = IGNORE.exec(text.trim()) ?? [];
    if (names === undefined) return [];
    const rules = names.split(/[\s,]+/).filter((name) => name !== "");
    return [Object.freeze({ span, rules, wholeFile: file !== undefined })];
  });
}

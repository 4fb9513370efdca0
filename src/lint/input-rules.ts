import type { Severity } from "../model/finding.js";

/** A finding about the file itself rather than about a change: never ignored or switched off, and an error where it says no less. */
export interface InputRule {
  readonly id:
    | "syntax-error"
    | "bad-directive"
    | "unused-ignore"
    | "unused-directive"
    | "edited-migration"
    | "rule-failed"
    | "unread-history";
  readonly severity?: Severity;
  readonly protects: string;
  readonly help: string;
}

const RULES: readonly InputRule[] = [
  {
    id: "syntax-error",
    protects: "SQL that cannot be parsed cannot be judged.",
    help: "Correct the SQL, or name the engine that it is written for with --engine.",
  },
  {
    id: "bad-directive",
    protects: "A directive that is misspelt or names nothing would be obeyed by nobody.",
    help: "FORMATS.md has the grammar of the directives.",
  },
  {
    id: "unused-ignore",
    protects: "An ignore that no longer hides a finding would hide the next one that comes.",
    help: "Remove the rule from the ignore.",
  },
  {
    id: "unused-directive",
    protects: "An expression or a batch setting that nothing uses is taken by its author for one that is obeyed.",
    help: "Remove the directive.",
  },
  {
    id: "edited-migration",
    protects: "A migration that others have run already is not run again: an edit of it reaches only new databases.",
    help: "Put the file back as it was and write the change as a new migration (`zmigrate new SLUG`).",
  },
  {
    id: "rule-failed",
    protects: "A rule that breaks has not judged the statement: its silence is no consent.",
    help: "This is an error of zmigrate: please report it with the statement. Judge the statement by hand until then.",
  },
  {
    id: "unread-history",
    severity: "info",
    protects:
      "What an earlier migration does that cannot be parsed, or that its tool does not list, is not known when the next one is judged.",
    help: "Judge by hand what is said here to be assumed, or let `zmigrate plan` ask a database. A migration that has run stays as it is.",
  },
];

/** The input rules, for `explain` and for findings. */
export const INPUT_RULES: readonly InputRule[] = Object.freeze(RULES);

export type InputRuleId = InputRule["id"];

/** How bad a finding of an input rule is. */
export const inputSeverity = (id: InputRuleId): Severity => RULES.find((rule) => rule.id === id)?.severity ?? "error";

/** The usual help of an input rule. */
export function inputHelp(id: InputRuleId): string {
  return RULES.find((rule) => rule.id === id)?.help ?? "";
}

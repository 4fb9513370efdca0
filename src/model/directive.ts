import type { PhaseName } from "./phase.js";
import type { Span } from "./span.js";

/** A `-- zmigrate:` comment, read and checked. FORMATS.md is the normative text. */
export type Directive =
  | { readonly kind: "phase"; readonly span: Span; readonly phase: PhaseName }
  | { readonly kind: "ignore"; readonly span: Span; readonly rules: readonly string[]; readonly reason: string }
  | { readonly kind: "up" | "down" | "fill"; readonly span: Span; readonly expression: string }
  | { readonly kind: "gate"; readonly span: Span; readonly gate: GateSetting }
  | { readonly kind: "batch"; readonly span: Span; readonly batch: BatchSetting }
  /** Of a file that `import` has made of another tool's: the tool by its name for `--from`, and the version as its table has it. */
  | { readonly kind: "imported"; readonly span: Span; readonly tool: string; readonly version: string }
  /** Of a file that `plan --write` has put into phases. The text is as written, its blanks too. */
  | { readonly kind: "written"; readonly span: Span; readonly key: WrittenKey; readonly text: string };

/** What the lines of a file say that `plan --write` has put into phases. */
export type WrittenKey = "from" | "written" | "note" | "leaves" | "step" | "why" | "with" | "undo" | "more";

/** A gate that a file or the configuration asks for. Durations are milliseconds. */
export interface GateSetting {
  readonly name: "soak" | "park" | "old-writers" | "unused" | "flag" | "sql";
  /** `soak`, `park`, `old-writers`, `unused`: milliseconds as a string of digits; `flag`: its name; `sql`: a query whose first column must be true. */
  readonly setting: string;
}

export interface BatchSetting {
  readonly rows: number | null;
  readonly targetMs: number | null;
  readonly key: string | null;
}

/** A flag's name: letters that mean nothing in SQL, nor in a URL's path, into which it is put as it is. */
export const FLAG_NAME = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

import type { Position, Span } from "./span.js";

export type Severity = "error" | "warning" | "info";

/** A rule's verdict on an operation. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly file: string;
  readonly span: Span;
  readonly start: Position;
  readonly end: Position;
  /** What happens to whom, in the present tense. */
  readonly message: string;
  /** What to do instead: an imperative, with SQL that can be pasted. */
  readonly help: string;
  /** The kind of the operation it is about. */
  readonly operation: string;
}

import type { Position, Span } from "./span.js";

export type Severity = "error" | "warning" | "info";

/** A replacement in a file's text: UTF-16 offsets, `end` exclusive; an insertion has `start` equal to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A change of the file that certainly makes a finding go away and means the same. Its edits do not overlap. */
export interface Fix {
  readonly edits: readonly Edit[];
}

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
  /** What `lint --fix` does to the file; absent where nothing is certain. */
  readonly fix?: Fix;
}

/** An error as a person reads it. */
export interface Prose {
  /** 1 refused, 2 usage or input, 3 a database or step failed, 4 could not proceed yet. */
  readonly exit: 1 | 2 | 3 | 4;
  /** What happened, one sentence. */
  readonly message: string;
  /** What to do next. */
  readonly help: string;
}

/** A place in a file: `migrations/x.sql:3:1`. */
export const at = (d: { file: string; line?: number; column?: number }): string =>
  d.line === undefined ? d.file : `${d.file}:${d.line}${d.column === undefined ? "" : `:${d.column}`}`;

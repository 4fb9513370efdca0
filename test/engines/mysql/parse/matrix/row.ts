import type { MysqlDialect } from "../../../../../src/engines/mysql/parse/index.js";

/** One change of the table of changes whose algorithms are known: a statement, and what the model must say of it. */
export interface MatrixRow {
  readonly id: string;
  readonly sql: string;
  /** What each operation must at least hold. */
  readonly operations: readonly object[];
  /** MySQL when not said. */
  readonly dialect?: MysqlDialect;
}

/** An operation that has no strategy, with its detail. */
export function detail(kind: string, rest: object = {}): object {
  return { kind: "other", harmless: false, detail: { kind, ...rest } };
}

/** A column that is added. */
export function added(column: object, rest: object = {}): object {
  return { kind: "add-column", position: null, ...rest, column };
}

/** A column that is defined anew. */
export function modified(column: string, definition: object, rest: object = {}): object {
  return detail("modify-column", { column, position: null, ...rest, definition });
}

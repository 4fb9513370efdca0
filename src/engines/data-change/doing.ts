import type { Code, CodeOperation } from "../../model/detail/code.js";
import type { DataChange } from "../../model/detail/data.js";
import type { RelationName } from "../../model/name.js";

/** Rows that are written. */
export interface Written {
  readonly relation: RelationName;
  readonly verb: "insert" | "update" | "delete";
  /** The columns of an UPDATE; null where they are not told. */
  readonly columns: readonly string[] | null;
}

/** What code of the application does with tables. */
export interface Doing {
  readonly reads: readonly RelationName[];
  readonly writes: readonly Written[];
  /** What it calls; of MySQL's and MariaDB's any word of it. */
  readonly calls: readonly RelationName[];
  /** It runs SQL that it puts together, or is in a language that is not read. */
  readonly unknown: boolean;
}

const VERBS: Readonly<Record<DataChange["verb"], readonly Written["verb"][]>> = Object.freeze({
  insert: ["insert"],
  update: ["update"],
  delete: ["delete"],
  load: ["insert"],
  replace: ["insert", "delete"],
  merge: ["insert", "update", "delete"],
});

/** The rows that a change writes itself. */
export function writtenBy({ verb, writes, columns, conflict }: DataChange): readonly Written[] {
  const verbs = conflict === "update" ? [...VERBS[verb], "update" as const] : VERBS[verb];
  const told = verb === "update" && columns.length > 0 ? columns : null;
  return writes.flatMap((relation) => verbs.map((each) => ({ relation, verb: each, columns: told })));
}

const word = (name: string): RelationName => ({ schema: null, name });

/** What the code of a routine or trigger does, whatever path it takes. */
export function doingOf({ operations, unknown, words }: Code): Doing {
  const each = operations.map(doneBy);
  const named = words?.map(word);
  return {
    reads: named ?? each.flatMap(({ reads }) => reads),
    writes: each.flatMap(({ writes }) => writes),
    calls: named ?? each.flatMap(({ calls }) => calls),
    unknown: unknown.length > 0,
  };
}

function doneBy({ operation }: CodeOperation): Omit<Doing, "unknown"> {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "data-change")
    return { reads: detail.reads, writes: writtenBy(detail), calls: detail.calls ?? [] };
  if (detail?.kind === "query") return { reads: detail.reads, writes: [], calls: detail.calls ?? [] };
  const called = detail?.kind === "opaque" && detail.procedure !== undefined ? [detail.procedure] : [];
  return { reads: [], writes: [], calls: called };
}

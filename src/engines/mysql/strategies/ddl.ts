import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import { step } from "../../step.js";
import { generatedName, quote, quoteRelation, shortHash } from "../names.js";
import type { Trigger } from "../triggers/sync.js";
import { hasColumn, hasIndex, hasTrigger, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import * as locks from "./locks.js";

/** A DDL step. It commits by itself here, so each has a probe. */
type Given = Pick<Step, "id" | "phase" | "sql" | "probe" | "locks" | "reason"> & Partial<Step>;

export const ddl = (given: Given): Step => step({ kind: "ddl", transaction: false, undoTransaction: false, ...given });

/** `ALTER TABLE t ...` */
export const alter = (relation: RelationName, what: string): string => `ALTER TABLE ${quoteRelation(relation)} ${what}`;

/** The statements between which nobody else reads or writes the table. */
export const underLock = (relation: RelationName, statements: readonly string[]): string[] => [
  `LOCK TABLES ${quoteRelation(relation)} WRITE`,
  ...statements,
  "UNLOCK TABLES",
];

/** The name that a column has between the moment in which an undo hides it and the one in which it drops it. */
const undoneName = (relation: RelationName, column: string): string =>
  generatedName("zmigrate_undone", column, shortHash(relation.schema ?? "", relation.name, column));

/** Takes a column's name away, for undo: a rename, so that it is brief on every version. */
export const hideColumnIfThere = (relation: RelationName, column: string, algorithm: string): string[] =>
  renameColumnIfThere(relation, column, undoneName(relation, column), algorithm);

/**
 * Drops a column if it is there, for undo. Under another name, which is ASCII: see `generatedName` for why.
 *
 * @param how the algorithms of renaming and of dropping a column
 */
export function dropColumnIfThere(
  relation: RelationName,
  column: string,
  how: { readonly rename: string; readonly drop: string },
): string[] {
  const hidden = undoneName(relation, column);
  return [
    ...hideColumnIfThere(relation, column, how.rename),
    ...guarded(hasColumn(relation, hidden), alter(relation, `DROP COLUMN ${quote(hidden)}, ${how.drop}`)),
  ];
}

/** Renames a column if it is there, for undo and repair. */
export const renameColumnIfThere = (relation: RelationName, from: string, to: string, algorithm: string): string[] =>
  guarded(
    `${hasColumn(relation, from)} AND ${not(hasColumn(relation, to))}`,
    alter(relation, `RENAME COLUMN ${quote(from)} TO ${quote(to)}, ${algorithm}`),
  );

/** Drops an index if it is there, for undo. */
export const dropIndexIfThere = (relation: RelationName, index: string, algorithm: string): string[] =>
  guarded(hasIndex(relation, index), alter(relation, `DROP INDEX ${quote(index)}, ${algorithm}`));

/** One trigger, one step: CREATE TRIGGER is atomic. */
export const createTrigger = (id: string, relation: RelationName, trigger: Trigger, reason: string): Step =>
  ddl({
    id,
    phase: "expand",
    sql: [trigger.create],
    undo: [trigger.drop],
    probe: { sql: stateOf(hasTrigger(relation, trigger.name)), repair: [] },
    locks: [locks.brief(relation)],
    reason,
  });

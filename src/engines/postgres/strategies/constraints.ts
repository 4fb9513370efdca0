import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import type { Version } from "../../engine.js";
import { step } from "../../step.js";
import * as locks from "../effects/helper-statements.js";
import { literal, quote, quoteRelation } from "../names.js";

/** A constraint that is to be added to a table that is in use. */
export interface NewConstraint {
  readonly relation: RelationName;
  readonly name: string;
  /** `CHECK (...)`, `FOREIGN KEY ...`, `NOT NULL "c"`; without NOT VALID. */
  readonly definition: string;
  /** The table that a foreign key points at. */
  readonly target: RelationName | null;
}

/**
 * NOT VALID first: the strong lock is held for the catalog change only. VALIDATE then scans in a transaction of its own
 * under a lock that lets reads and writes through. There is no undo of its own: it goes with the column it is on.
 */
export function addConstraint(id: string, constraint: NewConstraint, reason: string, validate = true): Step[] {
  const { relation, name, definition, target } = constraint;
  const table = quoteRelation(relation);
  const add = step({
    id,
    phase: "backfill",
    kind: "ddl",
    sql: [`ALTER TABLE ${table} ADD CONSTRAINT ${quote(name)} ${definition} NOT VALID`],
    locks:
      target === null ? [locks.alterTable(relation)] : [locks.createTrigger(relation), locks.createTrigger(target)],
    reason: `${reason} It holds for new writes at once; rows that are there are checked by the next step.`,
  });
  if (!validate) return [add];
  return [
    add,
    step({
      id: `${id}-validate`,
      phase: "backfill",
      kind: "validate",
      sql: [`ALTER TABLE ${table} VALIDATE CONSTRAINT ${quote(name)}`],
      locks: target === null ? [locks.validate(relation)] : [locks.validate(relation), locks.validateTarget(target)],
      scan: true,
      unlimited: true,
      letGo: { step: id, sql: [`ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${quote(name)}`] },
      reason: "Checks the rows that are there while reads and writes go on.",
    }),
  ];
}

/** PostgreSQL 18 has NOT NULL constraints that can be NOT VALID; before, a CHECK that proves it stands in. */
export const hasNotNullConstraints = (version: Version): boolean => (version.parts[0] ?? 0) >= 18;

/** The definition whose validation proves that a column holds no NULL. */
export const notNullDefinition = (column: string, version: Version): string =>
  hasNotNullConstraints(version) ? `NOT NULL ${quote(column)}` : `CHECK (${quote(column)} IS NOT NULL)`;

/** Tells whether an index is there and whole; a failed concurrent build leaves an invalid one, which is dropped first. */
export function indexProbe(schema: string | null, name: string): { sql: string; repair: string[] } {
  const inSchema = schema === null ? "pg_catalog.pg_table_is_visible(c.oid)" : `n.nspname = ${literal(schema)}`;
  return {
    sql: `SELECT CASE WHEN pg_catalog.count(*) = 0 THEN 'absent' WHEN pg_catalog.bool_and(x.indisvalid) THEN 'done' ELSE 'half' END AS state
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
WHERE c.relname = ${literal(name)} AND ${inSchema}`,
    repair: [`DROP INDEX CONCURRENTLY IF EXISTS ${quoteRelation({ schema, name })}`],
  };
}

/** CREATE INDEX CONCURRENTLY as a step: outside a transaction, without a statement timeout, told done by the catalog. */
export function buildIndex(given: {
  id: string;
  phase: Step["phase"];
  stage?: Step["stage"];
  relation: RelationName;
  name: string;
  unique: boolean;
  on: string;
  reason: string;
  undo: boolean;
}): Step {
  const { relation, name } = given;
  return step({
    id: given.id,
    phase: given.phase,
    stage: given.stage ?? null,
    kind: "ddl",
    sql: [`CREATE ${given.unique ? "UNIQUE " : ""}INDEX CONCURRENTLY ${quote(name)} ON ${given.on}`],
    undo: given.undo ? [`DROP INDEX CONCURRENTLY IF EXISTS ${quoteRelation({ schema: relation.schema, name })}`] : [],
    undoTransaction: false,
    transaction: false,
    locks: [locks.buildConcurrently(relation)],
    scan: true,
    unlimited: true,
    probe: { ...indexProbe(relation.schema, name), ...(given.undo ? { makes: `the index ${name}` } : {}) },
    reason: given.reason,
  });
}

import type { Constraint } from "../../../../model/catalog.js";
import type { Step } from "../../../../model/step.js";
import { quote } from "../../names.js";
import { renameColumnInExpression } from "../../parse/rename-column.js";
import { algorithm, INSTANT } from "../algorithms.js";
import { alter, ddl, underLock } from "../ddl.js";
import { all, hasColumn, hasConstraint, not, standsBefore, state, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import * as locks from "../locks.js";
import { type Rename, stepId } from "./subject.js";

/**
 * One atomic ALTER in which the two columns take each other's names. Both are equal in every row, and the sync triggers
 * treat them alike, so no client can tell; but the column that is called by the new name is now the original, with its
 * place, default, NOT NULL, keys, foreign keys and indexes: what a plain RENAME COLUMN would have left.
 */
export function exchange(r: Rename): Step {
  const swapped = standsBefore(r.relation, r.to, r.old.name);
  const common = {
    id: stepId(r, "exchange"),
    phase: "contract",
    stage: "swap",
    reason: `${r.old.name} and ${r.to} take each other's names: the column with the keys, the default and NOT NULL is now ${r.to}. Both are still there and kept equal.`,
  } as const;
  const statement = exchangeStatement(r);
  if (r.checks.length > 0) return ddl({ ...common, ...withChecks(r, statement, swapped) });
  return ddl({
    ...common,
    sql: [statement],
    undo: exchangeBack(r),
    // Once the old name is parked the two cannot be compared, and the exchange was done before.
    probe: { sql: stateOf(`${swapped} OR ${not(hasColumn(r.relation, r.old.name))}`), repair: [] },
    locks: [locks.brief(r.relation)],
  });
}

/** Where there are CHECKs, the exchange has an undo of its own that knows of them. */
export const exchangeBack = (r: Rename): string[] =>
  r.checks.length > 0 ? [] : guarded(standsBefore(r.relation, r.to, r.old.name), exchangeStatement(r));

/** It is its own reverse. */
function exchangeStatement(r: Rename): string {
  const [a, b] = [quote(r.old.name), quote(r.to)];
  const how = algorithm(r.instant.rename && !(r.context.dialect === "mysql" && r.inForeignKey));
  return alter(r.relation, `RENAME COLUMN ${a} TO ${b}, RENAME COLUMN ${b} TO ${a}, ${how}`);
}

/** MySQL: under one lock the CHECKs go, the names are exchanged, and the CHECKs come back, which copies a small table. */
function withChecks(r: Rename, statement: string, swapped: string) {
  const { relation } = r;
  const drop = (c: Constraint) => alter(relation, `DROP CHECK ${quote(c.name)}, ${INSTANT}`);
  const add = (c: Constraint, definition: string) =>
    alter(relation, `ADD CONSTRAINT ${quote(c.name)} ${definition}, ALGORITHM=${c.validated ? "COPY" : "INSTANT"}`);
  const renamed = (c: Constraint) => renameColumnInExpression(c.definition, r.old.name, r.to, relation.name);
  const present = r.checks.map((c) => hasConstraint(relation, c.name));
  const back = [
    ...r.checks.flatMap((c) => guarded(`${hasConstraint(relation, c.name)} AND ${swapped}`, drop(c))),
    ...guarded(swapped, statement),
    ...r.checks.flatMap((c) => guarded(not(hasConstraint(relation, c.name)), add(c, c.definition))),
  ];
  return {
    sql: underLock(relation, [...r.checks.map(drop), statement, ...r.checks.map((c) => add(c, renamed(c)))]),
    undo: underLock(relation, back),
    atomicPacket: true,
    probe: {
      sql: state(
        `${all(swapped, ...present)} OR ${not(hasColumn(relation, r.old.name))}`,
        all(standsBefore(relation, r.old.name, r.to), ...present),
      ),
      repair: back,
    },
    locks: [locks.brief(relation), locks.copy(relation)],
    rewrite: r.checks.some((c) => c.validated),
    scan: r.checks.some((c) => c.validated),
  };
}

import { show } from "../../../../model/name.js";
import type { Step, UndoNeeds } from "../../../../model/step.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { quote, quoteRelation } from "../../names.js";
import { needsRule } from "../constraint/needs.js";
import { addingWhole, alter, dropping } from "../constraint/steps.js";
import { buildIndex } from "../constraints.js";
import { needsNoNull, notNullAgain } from "../not-null-again.js";
import { indexTail } from "../rename/backfill.js";
import { id, parkedName, targetOf } from "../rename/subject.js";
import { ofRow } from "./conversion.js";
import { pointing, validatedAgain } from "./inbound.js";
import type { Retype } from "./subject.js";
import { takeOver } from "./take-over.js";
import { lost, parkedTrigger, shadowTrigger } from "./triggers.js";

/** Without it the key's index would have to be built again under a lock, to take the swap back. */
export function keepKey(r: Retype): Step[] {
  const index = r.indexes.find((i) => i.constraint !== null && i.constraint === r.primaryKey?.name);
  if (index === undefined) return [];
  const kept = buildIndex({
    id: id(r, "keep-key"),
    phase: "contract",
    stage: "swap",
    relation: r.relation,
    name: parkedName(r, index.name),
    unique: true,
    undo: true,
    on: indexTail(index, { ...r, to: r.old.name }),
    reason: `With this index ${r.old.name} can be the key again at once, if the swap is taken back.`,
  });
  return [{ ...kept, undo: [...validatedAgain(r), ...kept.undo] }];
}

/**
 * What new code has written may be nothing that the former type holds, which is NULL there, or what a check refused: that is
 * counted before anything is undone. What it is to be instead, nobody knows but who asks for the rollback.
 */
function needsFormerRules(r: Retype, nullable: boolean): UndoNeeds {
  const { table, old, context } = r;
  const needs = [
    ...(nullable ? [needsNoNull(table, old, context)] : []),
    ...r.checks.map((check) => needsRule({ table, context }, check)),
  ];
  const verifies = needs.flatMap((n) => (n.verify === null ? [] : [n.verify]));
  const [first] = verifies;
  const [where, name] = [quoteRelation(r.relation), quote(old.name)];
  const violation = {
    rows: `of ${show(r.relation)} hold in ${old.name} what it may not hold as ${old.type}${nullable ? " NOT NULL" : ""}`,
    help: `Give each of these rows a value that ${old.type} holds, and run \`zmigrate rollback\` again: UPDATE ${where} SET ${name} = ... WHERE ... (behind the swap, those that have none are the rows WHERE ${quote(r.parked)} IS NULL). --accept-loss does not know which.`,
  };
  const mismatch = verifies.map((v) => `(${v.mismatch})`).join(" OR ");
  return {
    verify: first === undefined ? null : { ...first, mismatch, violation },
    cleanup: needs.flatMap((n) => n.cleanup),
  };
}

/** The parked column may get values that these do not let through. The second column has both by now. */
export function relax(r: Retype): Step[] {
  const { table, old, context } = r;
  const nullable = old.notNull && !r.keyed;
  if (!nullable && r.checks.length === 0) return [];
  const free = nullable ? [alter(table, `ALTER COLUMN ${quote(old.name)} DROP NOT NULL`)] : [];
  return [
    step({
      id: id(r, "relax"),
      phase: "contract",
      stage: "swap",
      kind: "ddl",
      sql: [...free, ...r.checks.map((c) => dropping(table, c.name))],
      undo: [
        ...(nullable ? notNullAgain(table, old, context) : []),
        ...r.checks.flatMap((c) => [
          alter(table, `DROP CONSTRAINT IF EXISTS ${quote(c.name)}`),
          ...addingWhole(table, c),
        ]),
      ],
      undoTransaction: false,
      undoNeeds: needsFormerRules(r, nullable),
      locks: [locks.alterTable(r.relation)],
      reason: `What ${old.name} must satisfy holds for the second column already; as it was, it may not be able to hold what new code writes.`,
    }),
  ];
}

export function swap(r: Retype): Step {
  const [shadow, parked] = [shadowTrigger(r), parkedTrigger(r)];
  const others = pointing(r);
  const all = [r.relation, ...others].map((o) => `ONLY ${quoteRelation(o)}`);
  const lock = `LOCK TABLE ${all.join(", ")} IN ACCESS EXCLUSIVE MODE`;
  const changes = takeOver(r);
  return step({
    id: id(r, "swap"),
    phase: "contract",
    kind: "ddl",
    stage: "swap",
    sql: [lock, ...shadow.drop, ...changes.map((c) => c.sql), ...parked.create],
    undo: [lock, ...parked.drop, ...changes.toReversed().flatMap((c) => c.undo), ...shadow.create],
    locks: [r.relation, ...others].map(locks.alterTable),
    adds: { relation: r.relation, column: r.old.name, written: lost(r, ofRow), stays: true },
    reason: `In one short transaction the second column takes over the name ${r.old.name}, with default and the names of indexes and constraints; the former one is parked as ${r.parked} and still kept up to date, so that this can be undone.`,
  });
}

export function drop(r: Retype): Step {
  const table = quoteRelation(r.relation);
  return step({
    id: id(r, "drop"),
    phase: "contract",
    kind: "ddl",
    stage: "drop",
    sql: [
      `LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`,
      ...parkedTrigger(r).drop,
      `ALTER TABLE ${table} DROP COLUMN IF EXISTS ${quote(r.parked)}`,
    ],
    locks: [locks.alterTable(r.relation), ...r.foreignKeys.map((c) => locks.alterTable(targetOf(c, r)))],
    reason: `Drops the parked column with its indexes. From here on ${r.old.name} cannot be ${r.old.type} again.`,
  });
}

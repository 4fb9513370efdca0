import { show } from "../../../../model/name.js";
import type { BackfillWork, Step, VerifyWork } from "../../../../model/step.js";
import type { Phased } from "../../../engine.js";
import { nullsHelp, ownFill, ownFillNote } from "../../../fill-from-update.js";
import { step } from "../../../step.js";
import { hasKey } from "../../../walkable.js";
import { quote, quoteRelation, shortHash } from "../../names.js";
import { readFrom } from "../../triggers/expression.js";
import { fillTriggers } from "../../triggers/fill.js";
import { createTrigger, ddl, underLock } from "../ddl.js";
import { all, hasTrigger, not, stateOf } from "../facts.js";
import * as locks from "../locks.js";
import type { Online } from "../online.js";
import { refuseExpression } from "./expression.js";
import { givenReader } from "./fill-from-update.js";
import { claimsOf, inPlaceStep } from "./in-place.js";
import { type Modify, stepId } from "./subject.js";

const without = (m: Modify): VerifyWork => ({
  relation: m.table.relation,
  mismatch: `${quote(m.old.name)} IS NULL`,
  violation: {
    rows: `of ${show(m.table.relation)} hold NULL in ${m.old.name}`,
    help: nullsHelp(m.context),
  },
});

function count(m: Modify, verify: VerifyWork): Step[] {
  if (!hasKey(m.table)) return [];
  return [
    step({
      id: stepId(m, "verify"),
      phase: "backfill",
      kind: "verify",
      scan: true,
      verify,
      reason: `Counts rows ${verify.violation?.rows ?? "that differ"}; contract waits until there is none.`,
    }),
  ];
}

/** The triggers that give NULL a value. */
function fillersOf(m: Modify, fill: string) {
  const { table, old, context } = m;
  const { relation } = table;
  const hash = shortHash(context.migrationId, relation.schema ?? "", relation.name, old.name, "fill");
  return fillTriggers({ relation, column: old.name, fill: readFrom("NEW", fill, table, context.dialect), hash });
}

function install(m: Modify, fill: string): Step[] {
  const { relation } = m.table;
  const [onInsert, onUpdate] = fillersOf(m, fill);
  const reason = `Whoever still writes NULL to ${m.old.name} gets ${fill} instead, so that old code goes on.`;
  // EXPLAIN asks the server whether it can read the fill, and changes nothing.
  const tried = `EXPLAIN UPDATE ${quoteRelation(relation)} SET ${quote(m.old.name)} = (${fill})`;
  const first = createTrigger(stepId(m, "fill-update"), relation, onUpdate, reason);
  return [
    { ...first, sql: [tried, ...first.sql] },
    createTrigger(stepId(m, "fill-insert"), relation, onInsert, reason),
  ];
}

function workOf(m: Modify, fill: string): BackfillWork {
  const { batch } = m.context;
  const kept = m.table.columns.filter((c) => c.onUpdate !== null && c !== m.old).map((c) => quote(c.name));
  return {
    relation: m.table.relation,
    set: [`${quote(m.old.name)} = (${fill})`, ...kept.map((c) => `${c} = ${c}`)].join(", "),
    where: `${quote(m.old.name)} IS NULL`,
    key: batch?.key == null ? null : [batch.key],
    rows: batch?.rows ?? null,
    targetMs: batch?.targetMs ?? null,
  };
}

/** Behind NOT NULL, so that there is no moment at which NULL is neither replaced nor refused. */
function uninstall(m: Modify, fill: string): Step {
  const { relation } = m.table;
  const fillers = fillersOf(m, fill);
  return ddl({
    id: stepId(m, "drop-fill"),
    phase: "contract",
    stage: "swap",
    sql: underLock(
      relation,
      fillers.map((t) => t.drop),
    ),
    undo: underLock(
      relation,
      fillers.flatMap((t) => [t.drop, t.create]),
    ),
    atomicPacket: true,
    probe: { sql: stateOf(all(...fillers.map((t) => not(hasTrigger(relation, t.name))))), repair: [] },
    locks: [locks.brief(relation)],
    reason: `Old code is gone, and the triggers that replaced NULL with it.`,
  });
}

function withFill(m: Modify, way: Online, fill: string): Phased {
  refuseExpression("fill", fill, m.table, m.context, [m.old.name]);
  const work = workOf(m, fill);
  const help = "The fill is NULL there, or does not fit. Mend these rows, and run `zmigrate apply` again.";
  const { violation, ...verify } = without(m);
  const backfill = step({
    id: stepId(m, "backfill"),
    phase: "backfill",
    kind: "backfill",
    backfill: work,
    reason: `Gives the rows that hold NULL in ${m.old.name} their value, in batches.`,
  });
  const found = { ...verify, repair: work, violation: { rows: violation?.rows ?? "", help } };
  return {
    steps: [...install(m, fill), backfill, ...count(m, found), inPlaceStep(m, way), uninstall(m, fill)],
    retires: [],
    claims: claimsOf(m),
    gates: [],
    notes: [`Rows that hold NULL in ${m.old.name} become ${fill}; a rollback leaves them so.`],
  };
}

/**
 * NULL to NOT NULL: rows are counted, or filled where a fill is given or the file's own UPDATE tells it, before the contract
 * makes it strict.
 *
 * @throws Refusal
 */
export function becomeNotNull(m: Modify, way: Online): Phased {
  const { fill } = m.context;
  if (fill !== null) return withFill(m, way, fill);
  const own = ownFill({ ...m, column: m.old }, givenReader(m.context.dialect));
  if (own !== null) {
    const filled = withFill(m, way, own);
    return { ...filled, notes: [ownFillNote(m.old.name, own), ...filled.notes] };
  }
  return {
    steps: [...count(m, without(m)), inPlaceStep(m, way)],
    retires: [],
    claims: claimsOf(m),
    gates: [],
    notes: [],
  };
}

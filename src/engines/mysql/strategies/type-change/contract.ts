import type { Column } from "../../../../model/catalog.js";
import type { Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import { quote } from "../../names.js";
import { tokenize } from "../../parse/lexer.js";
import { deriveTriggers } from "../../triggers/derive.js";
import { baseType } from "../../triggers/values.js";
import { algorithm, dropsInstantly, INSTANT, ONLINE } from "../algorithms.js";
import { alter, ddl, dropIndexIfThere, underLock } from "../ddl.js";
import { relaxParked } from "../drop-column.js";
import { all, hasColumn, hasIndex, hasTrigger, isNotNull, not, state, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import { lend, loanOf, unlend, withoutZero } from "../lent-default.js";
import * as locks from "../locks.js";
import { stepId } from "../modify/subject.js";
import { buildIndex, quietly } from "./backfill.js";
import { shadowTriggers } from "./expand.js";
import { downInTrigger, mismatchParked, parkedColumn, type Retype } from "./subject.js";

const SWAP = { phase: "contract", stage: "swap" } as const;

/** The author's definition without the name at its beginning. */
function definitionText({ detail, context }: Retype): string {
  const { text } = detail.definition;
  return text.slice(tokenize(text, context.dialect).tokens[0]?.span.end ?? 0).trim();
}

/** The shadow becomes what the author has written: NOT NULL, default, comment. Its rows are all there. */
function define(r: Retype): Step {
  const { relation, shadow, lent, old } = r;
  const strict = r.detail.definition.notNull && lent === null;
  const how = strict ? ONLINE : INSTANT;
  return ddl({
    ...SWAP,
    id: stepId(r, "define"),
    sql: [alter(relation, `MODIFY COLUMN ${quote(shadow)} ${definitionText(r)}, ${how}`)],
    probe: strict ? { sql: stateOf(isNotNull(relation, shadow)), repair: [] } : null,
    locks: [locks.brief(relation), ...(strict ? [locks.build(relation, "rewrite")] : [])],
    rewrite: strict,
    scan: strict,
    unlimited: strict,
    reason: strict
      ? `The shadow becomes NOT NULL like ${old.name}: the table is written anew beside its readers and writers, on replicas too.`
      : "The shadow gets the default, the comment and what else is written in its definition; only the catalog changes.",
  });
}

/** What the parked column holds, so that the swap can be undone. */
const followers = (r: Retype) =>
  deriveTriggers({
    relation: r.relation,
    column: r.parked,
    type: r.old.type,
    value: downInTrigger(r),
    otherwise: r.lenient,
    hash: r.hash,
    name: "follow",
    of: { ...r.old, type: r.detail.definition.type },
  });

/** In one statement both columns and their indexes take each other's names. */
function exchange(r: Retype, forth: boolean): string {
  const column = (from: string, to: string) => `RENAME COLUMN ${quote(from)} TO ${quote(to)}`;
  const index = (from: string, to: string) => `RENAME INDEX ${quote(from)} TO ${quote(to)}`;
  const moves = forth
    ? [
        column(r.old.name, r.parked),
        column(r.shadow, r.old.name),
        ...r.indexes.flatMap((i) => [index(i.index.name, i.parked), index(i.copy, i.index.name)]),
      ]
    : [
        column(r.old.name, r.shadow),
        column(r.parked, r.old.name),
        ...r.indexes.flatMap((i) => [index(i.index.name, i.copy), index(i.parked, i.index.name)]),
      ];
  return alter(r.relation, `${moves.join(", ")}, ${r.indexes.length > 0 ? ONLINE : INSTANT}`);
}

/** Nobody writes the parked column but its triggers, and MariaDB asks for its value before they can give it one. */
const loan = (r: Retype) => loanOf(parkedColumn(r), r.context.dialect);

function parkedWithLoan(r: Retype): Column {
  const parked = parkedColumn(r);
  return { ...parked, default: loan(r) ?? parked.default };
}

/** An ENUM that is new has its first member as a default only when the triggers are gone: see `withEnums`. */
export function lendNew(r: Retype): string[] {
  const column = { ...r.old, ...r.detail.definition, name: r.old.name };
  const lent = baseType(column.type) === "enum" ? loanOf(column, r.context.dialect) : null;
  return lent === null ? [] : [alter(r.relation, `${lend(column, lent)}, ${INSTANT}`)];
}

function lendParked(r: Retype): { give: string[]; take: string[] } {
  const lent = loan(r);
  if (lent === null) return { give: [], take: [] };
  const take = guarded(hasColumn(r.relation, r.parked), alter(r.relation, `${unlend(r.parked)}, ${INSTANT}`));
  return { give: [alter(r.relation, `${lend(parkedColumn(r), lent)}, ${INSTANT}`)], take };
}

function swap(r: Retype): Step {
  const { relation } = r;
  const [derive, follow] = [shadowTriggers(r), followers(r)];
  const create = (triggers: typeof derive) => triggers.flatMap((t) => [t.drop, t.create]);
  const followed = follow.map((t) => hasTrigger(relation, t.name));
  const swapped = hasColumn(relation, r.parked);
  const back = guarded(swapped, exchange(r, false));
  const { give, take } = lendParked(r);
  const lent = [...give, ...lendNew(r)];
  return ddl({
    ...SWAP,
    id: stepId(r, "swap"),
    sql: underLock(relation, [
      ...derive.map((t) => t.drop),
      exchange(r, true),
      ...lent,
      ...follow.map((t) => t.create),
    ]),
    undo: underLock(relation, [...follow.map((t) => t.drop), ...take, ...back, ...create(derive)]),
    atomicPacket: true,
    probe: {
      sql: state(all(swapped, ...followed), not(swapped)),
      // Cut off in between: what was written since stands in the new column, which stays.
      repair: guarded(swapped, "DO 0").concat(lent, create(follow)),
    },
    locks: [locks.brief(relation)],
    adds: { relation, column: r.old.name, written: mismatchParked(r), stays: true },
    reason: `Under one short lock ${r.old.name} becomes ${r.detail.definition.type}: the old column is parked as ${r.parked}, and follows what is written from here on, so that this can be undone.`,
  });
}

/** Its trigger writes the parked column for every row that is touched; the rows themselves stay as they are. */
const settle = (r: Retype): Step =>
  step({
    ...SWAP,
    id: stepId(r, "settle"),
    kind: "backfill",
    backfill: {
      relation: r.relation,
      set: quietly(r, `${quote(r.parked)} = ${quote(r.parked)}`),
      where: mismatchParked(r),
      key: null,
      rows: null,
      targetMs: null,
    },
    reason:
      "Lets the parked column follow wherever a write fell between two triggers, which only a crash makes possible.",
  });

/** On a unique one, new values that the old type does not hold would meet: they are all the same there. */
function freeParked(r: Retype): Step[] {
  return r.indexes.map(({ index, parked, keys }, n) => {
    const own = keys.replaceAll(quote(r.shadow), () => quote(r.parked));
    const kind = index.unique ? "UNIQUE INDEX" : "INDEX";
    const again = alter(r.relation, `ADD ${kind} ${quote(parked)} ${own}, ${ONLINE}`);
    return ddl({
      ...SWAP,
      id: stepId(r, `free-${n + 1}`),
      sql: dropIndexIfThere(r.relation, parked, ONLINE),
      undo: guarded(not(hasIndex(r.relation, parked)), again),
      probe: { sql: stateOf(not(hasIndex(r.relation, parked))), repair: [] },
      locks: [locks.brief(r.relation)],
      reason: `${index.name} is one of the new column. Without it the parked column is cheap to keep, and dropped INSTANT.`,
    });
  });
}

function drop(r: Retype): Step {
  const { relation, parked, context } = r;
  const instant = dropsInstantly(context.version, context.dialect);
  return ddl({
    phase: "contract",
    stage: "drop",
    id: stepId(r, "drop"),
    sql: [
      ...withoutZero(relation, parkedWithLoan(r), context.dialect).flatMap((sql) =>
        guarded(hasColumn(relation, parked), sql),
      ),
      ...followers(r).map((t) => t.drop),
      alter(relation, `DROP COLUMN ${quote(parked)}, ${algorithm(instant)}`),
    ],
    // Where somebody has dropped the column, every write fails for the triggers that name it.
    probe: {
      sql: stateOf(
        all(not(hasColumn(relation, parked)), ...followers(r).map((t) => not(hasTrigger(relation, t.name)))),
      ),
      repair: [],
    },
    locks: [locks.brief(relation)],
    reason: `Drops the parked column: from here on ${r.old.name} cannot be ${r.old.type} again.`,
  });
}

/** NOT NULL and unique indexes, which old code might meet; the swap, and the gated drop. */
export const contractSteps = (r: Retype): Step[] => [
  ...r.indexes.flatMap((carried, n) => (carried.index.unique ? [buildIndex(r, carried, n)] : [])),
  define(r),
  swap(r),
  ...freeParked(r),
  settle(r),
  ...relaxParked(r.table, parkedWithLoan(r), r.context, r.part ?? 1),
  drop(r),
];

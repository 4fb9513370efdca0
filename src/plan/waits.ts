import type { ColumnsHeld, StandIn } from "../engines/engine.js";
import { positionOf } from "../files/position.js";
import { namesRelation } from "../history/names-relation.js";
import { mayName } from "../history/text.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import { type RelationName, show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Claim, FreedName, LateChange, LateForRows, MigrationPlan, PlanRefusal, Retired } from "../model/plan.js";
import type { Step } from "../model/step.js";
import { standsOn } from "./builds-on.js";
import { claimsHeld, claimsMade } from "./claims.js";
import { changeOfRows } from "./data-order.js";
import { heldBy, heldTooEarly } from "./held-columns.js";
import { beside, type Given, keptAfter } from "./kept-columns.js";
import { lateNeeded } from "./late-needs.js";
import { inItsWay } from "./lent.js";
import { copiedTooEarly, isHalfWay } from "./like-too-early.js";
import { type Naming, namesTaken, namesUsed, namingOf } from "./names.js";
import { builtOnExchanged, builtOnGoing, indexTooEarly, overlap } from "./overlap.js";
import type { Planned } from "./plan.js";
import { isRight } from "./right-names.js";
import { foundOtherwise, meetsLate } from "./rows-behind.js";
import { rowsFound } from "./rows-found.js";
import { type Said, saidOf, saidTooEarly } from "./said.js";
import { standInNeeded, standInsOf, standsIn } from "./stand-ins.js";
import { isSwitch } from "./switch-names.js";
import { circleOf, type Held, holdersOf } from "./wait-circle.js";

/** A change that is begun and not finished, or that stands before another one and is about to begin. */
export interface UnderWay extends Held {
  readonly name: string;
  readonly retires: readonly Retired[];
  readonly held: ReturnType<typeof claimsHeld>;
  readonly frees: readonly FreedName[];
  readonly gives: readonly FreedName[];
  readonly lateForRows: readonly LateForRows[];
  readonly swapped: boolean;
  /** The views that its swap has yet to drop. */
  readonly standIns: readonly StandIn[];
  /** What its contract has yet to do, perhaps. */
  readonly contract: readonly Step[];
  /** What tables have only with what its contract has yet to do. */
  readonly changes: readonly LateChange[];
  /** What comes behind its expand. */
  readonly late: readonly Step[];
}

/** What is over before another one begins, even in the same run. */
const endsAtOnce = ({ steps }: MigrationPlan): boolean => steps.every((s) => s.phase === "expand");

/** @param catalog the one before it, or the schema as it is where it is begun */
export function underWay(plan: MigrationPlan, swapped: boolean, catalog: Catalog, begun = false): UnderWay {
  const { id, name, retires, frees = [], gives = [], drops = [], steps } = plan;
  const lateForRows = (plan.lateForRows ?? []).filter((late) => !(swapped && late.swapped));
  const standIns = swapped ? [] : standInsOf(plan);
  const contract = steps.filter((s) => s.stage === "drop" || (s.stage === "swap" && !swapped));
  const late = steps.filter((s) => s.phase !== "expand");
  const changes = (plan.changes ?? []).filter((c) => !(swapped && c.swapped));
  const holders = swapped ? [] : holdersOf(plan, catalog);
  const held = !begun && endsAtOnce(plan) ? [] : claimsHeld(plan, swapped);
  return {
    id,
    name,
    begun,
    retires,
    held,
    frees,
    gives,
    lateForRows,
    swapped,
    standIns,
    contract,
    changes,
    late,
    holders,
    drops,
  };
}

export const isUnfinished = ({ status }: MigrationRecord): boolean =>
  status !== "contracted" && status !== "rolled-back";

/** Those of these that are not finished, on the schema as it is. */
export const allUnderWay = (records: readonly MigrationRecord[], catalog: Catalog): readonly UnderWay[] =>
  records.filter(isUnfinished).map(({ plan, swappedAt }) => underWay(plan, swappedAt !== null, catalog, true));

/** Why rows, or what looks at them, wait for what another migration changes in its contract only; null where they need not. */
function rowsTooEarly(
  { operation, finds }: Wanting,
  { lateForRows }: UnderWay,
  { catalog }: Given,
): readonly [does: string, until: string] | null {
  const change = changeOfRows(operation);
  const met = lateForRows.filter((late) =>
    change === null ? foundOtherwise(finds, late, catalog) : meetsLate(change, late, catalog),
  );
  const last = met.find((late) => !late.swapped) ?? met[0];
  if (last === undefined) return null;
  return [
    `${last.change} only in its contract, before which this would ${change === null ? "look at the rows" : "run"}`,
    last.swapped ? "is swapped" : "has contracted",
  ];
}

/** What a change of the same thing is called, and what it takes: only a plan tells. */
const UNPLANNED = Object.freeze({ retires: Object.freeze([]) });

const STATUS = "`zmigrate status` says what that one waits for.";

/** An operation that may have to wait, and what it wants. */
interface Wanting {
  readonly operation: Operation;
  /** The whole statement. */
  readonly sql: string;
  readonly claims: readonly Claim[];
  /** What it would stay with; null for nothing, or where no column is under way. */
  readonly holds: ColumnsHeld | null;
  /** Keys of the names that it gives. */
  readonly names: ReadonlySet<string>;
  /** Keys of the names by which it finds an index. */
  readonly uses: ReadonlySet<string>;
  /** The tables whose rows it looks at. */
  readonly finds: readonly RelationName[];
  /** What it only says something of; null where it does something else. */
  readonly said: Said | null;
}

/** What a migration has yet to do about a name that is wanted; null where there is nothing. */
function nameNotReady(
  { names, uses }: Wanting,
  { frees, gives, swapped }: UnderWay,
  planned: boolean,
): readonly [does: string, begins: string] | null {
  const open = (all: readonly FreedName[]) => all.filter((name) => !(swapped && name.swapped));
  const given = open(gives).find((name) => uses.has(name.key));
  if (given !== undefined) return [`give the name ${given.shown} to an index`, "an index has the name"];
  // What cannot be planned may use a name that is gone for good.
  const freed = open(frees).find((name) => names.has(name.key) || (planned && uses.has(name.key)));
  if (freed === undefined) return null;
  if (isSwitch(freed)) return [`set ${freed.shown}`, "that is done"];
  if (isRight(freed)) return [`take ${freed.shown} away`, "that is done"];
  return [`take the name ${freed.shown} away from something else`, "the name is free"];
}

/** What two columns share is only copied for both of them until the one is swapped. */
const untilOf = ({ through }: Claim): string => (through === undefined ? "has contracted" : "is swapped");

/** Why a migration cannot begin now, and with `circle` why it never could. */
export interface Wait extends PlanRefusal {
  readonly circle?: PlanRefusal;
}

/** Why an operation must wait for a change that is under way: reason and help; null when it need not. */
function mustWait(
  wanting: Wanting,
  other: UnderWay,
  given: Given & Naming,
  planned: boolean,
): readonly [reason: string, help: string] | null {
  const { operation, claims } = wanting;
  const { defaultSchema } = given;
  const who = `migration ${other.id} (${other.name}) is not finished, and`;
  const met = overlap(other.held, claims, operation, defaultSchema);
  if (met !== null)
    return [`${who} ${inItsWay(operation, met)}. This one begins when that one ${untilOf(met)}.`, STATUS];
  const name = nameNotReady(wanting, other, planned);
  if (name !== null) return [`${who} has yet to ${name[0]}. This one begins when ${name[1]}.`, STATUS];
  const needed = lateNeeded(other.changes, operation, given.catalog);
  if (needed !== null) return [`${who} ${needed.does}. This one begins when that one ${needed.until}.`, STATUS];
  const base = builtOnGoing(other.held, operation, defaultSchema);
  if (base !== null)
    return [`${who} ${base.change}, which this builds on. This one begins when that one has contracted.`, STATUS];
  const copied = copiedTooEarly(operation, other.swapped ? other.contract : other.late, given.catalog);
  if (copied !== null) return [`${who} ${isHalfWay(copied)}. This one begins when that one has contracted.`, STATUS];
  const standIn = standInNeeded(other.standIns, operation, wanting.sql, given);
  if (standIn !== null) return [`${who} ${standsIn(standIn)}. This one begins when that one is swapped.`, STATUS];
  const held = heldBy(wanting.holds, other.retires, other.swapped, given.catalog);
  if (held !== null) {
    const [reason, until] = heldTooEarly(who, held);
    return [`${reason} This one begins when that one ${until}.`, STATUS];
  }
  const rows = rowsTooEarly(wanting, other, given);
  if (rows !== null) return [`${who} ${rows[0]}. This one begins when that one ${rows[1]}.`, STATUS];
  const { said } = wanting;
  const early = said === null ? null : saidTooEarly(said, { ...other, steps: other.late }, defaultSchema);
  if (early !== null) return [`${who} ${early[0]}. This one begins when that one ${early[1]}.`, STATUS];
  const exchanged = other.swapped ? null : builtOnExchanged(other.retires, operation, defaultSchema);
  return exchanged === null ? null : indexTooEarly(`${who} renames ${exchanged.column} to ${exchanged.replacement}`);
}

/** What no plan can be made of: a rename wants its new name as well, which may be taken. */
function unplanned(operation: Operation, wants: readonly Claim[]): readonly Claim[] {
  const claims = claimsMade(operation, { ...UNPLANNED, claims: wants });
  if (operation.kind !== "rename-column") return claims;
  return [...claims, { relation: operation.relation, name: operation.to, change: `names ${operation.to}` }];
}

/** A column that stays is in the way afterwards as well: to wait is no use. */
const withoutNew = (other: UnderWay): UnderWay => ({ ...other, held: other.held.filter((claim) => !claim.stays) });

/** Why an operation must wait that makes what keeps a contract under way from dropping a column; null where none does. */
function waitOfKept(migration: Migration, others: readonly UnderWay[], given: Given): PlanRefusal | null {
  const { id, slug: name, file } = migration;
  for (const { operation, keeps } of keptAfter(migration, given))
    for (const other of others) {
      const kept = keeps(other.contract);
      if (kept === null) continue;
      const { line, column } = positionOf(migration.text, operation.span.start);
      const reason = `migration ${other.id} (${other.name}) is not finished, and ${beside(kept)}. This one begins when that one has contracted.`;
      return { id, name, file, line, column, reason, help: STATUS };
    }
  return null;
}

/** Why a migration cannot begin whose contract would find a view in the place of a renamed table; null where it does not. */
function waitOfFormer(
  migration: Migration,
  { steps }: MigrationPlan,
  others: readonly UnderWay[],
  { engine }: Given,
): PlanRefusal | null {
  const { id, slug: name, file } = migration;
  const statements = steps.filter((s) => s.phase === "contract").flatMap((s) => s.sql);
  for (const other of others)
    for (const standIn of other.standIns) {
      if (!statements.some((sql) => namesRelation(engine, sql, standIn.of))) continue;
      const written = migration.statements.find((s) => mayName(s.sql, standIn.of.name));
      const { line, column } = positionOf(migration.text, written?.operations[0]?.span.start ?? 0);
      const reason = `migration ${other.id} (${other.name}) is not finished, and renames ${show(standIn.of)} to ${show(standIn.view)}: the contract of this one would find a view under the old name.`;
      const help = `Write ${show(standIn.view)} in its place: this one begins when that one is swapped.`;
      return { id, name, file, line, column, reason, help };
    }
  return null;
}

/** Why a migration cannot begin whose contract takes the name from a table that the contract of another one still names. */
function waitOfNamed(
  migration: Migration,
  { retiredTables = [] }: MigrationPlan,
  others: readonly UnderWay[],
  { engine }: Given,
): PlanRefusal | null {
  const { id, slug: name, file } = migration;
  for (const { relation } of retiredTables)
    for (const other of others) {
      const statements = other.contract.flatMap((s) => s.sql);
      if (!statements.some((sql) => namesRelation(engine, sql, relation))) continue;
      const written = migration.statements.find((s) => mayName(s.sql, relation.name));
      const { line, column } = positionOf(migration.text, written?.operations[0]?.span.start ?? 0);
      const reason = `migration ${other.id} (${other.name}) is not finished, and its contract has yet to look for ${show(relation)} by that name. This one begins when that one has contracted.`;
      return { id, name, file, line, column, reason, help: STATUS };
    }
  return null;
}

/** Those that may meet one of the claims or names: of a long history hardly any does. */
function near(wanting: readonly Wanting[], others: readonly UnderWay[]): readonly UnderWay[] {
  const named = wanting.flatMap(({ operation, claims }) => [...claims.map((c) => c.relation), ...standsOn(operation)]);
  const tables = new Set(named.map((relation) => relation.name));
  const holds = wanting.some((w) => w.holds !== null);
  const says = wanting.some((w) => w.said !== null);
  const rows = wanting.some(({ operation, finds }) => finds.length > 0 || changeOfRows(operation) !== null);
  const copies = wanting.some(({ operation: o }) => o.kind === "create-table" && o.form === "like");
  return others.filter(
    (o) =>
      o.frees.length + o.gives.length + o.standIns.length + o.changes.length > 0 ||
      (rows && o.lateForRows.length > 0) ||
      (holds && o.retires.length > 0) ||
      ((says || copies) && o.late.length > 0) ||
      o.held.some((c) => tables.has(c.relation.name)),
  );
}

/**
 * Why a migration cannot begin while others are under way, at the place of the statement; null when it can.
 *
 * @param planned where no plan can be made: what is under way may be the reason
 * @param given the catalog before the migration
 * @param behind the migrations behind it, which do not begin before it does
 */
export function waitOf(
  migration: Migration,
  { plan, wants }: Pick<Planned, "plan" | "wants">,
  others: readonly UnderWay[],
  given: Given,
  behind: readonly Migration[] = [],
): Wait | null {
  const { id, slug: name, file } = migration;
  const naming = namingOf(given.engine, given.catalog);
  // What this one sets in its own contract is set behind theirs.
  const own = new Set(plan?.frees?.map((n) => n.key));
  const moving = others.some((o) => o.retires.length > 0);
  const wanting = migration.statements.flatMap((s) =>
    s.operations.map((operation) => ({
      operation,
      sql: s.sql,
      claims: plan === null ? unplanned(operation, wants) : claimsMade(operation, plan),
      holds: moving ? (given.engine.columnsHeld?.(operation, s.sql) ?? null) : null,
      names: new Set(namesTaken(operation, naming).flatMap((n) => (isSwitch(n) && own.has(n.key) ? [] : n.key))),
      uses: new Set(namesUsed(operation, naming).map((n) => n.key)),
      finds: rowsFound(operation, plan?.retires ?? [], given.catalog),
      said: saidOf(operation),
    })),
  );
  const met = near(wanting, plan === null ? others.map(withoutNew) : others);
  for (const wanted of wanting)
    for (const other of met) {
      const wait = mustWait(wanted, other, { ...naming, ...given }, plan !== null);
      if (wait === null) continue;
      const { line, column } = positionOf(migration.text, wanted.operation.span.start);
      const refusal = { id, name, file, line, column, reason: wait[0], help: wait[1] };
      const circle = circleOf(migration, refusal, other, others, behind, given.catalog);
      return circle === null ? refusal : { ...refusal, circle };
    }
  if (plan === null || others.length === 0) return null;
  return (
    waitOfFormer(migration, plan, others, given) ??
    waitOfNamed(migration, plan, others, given) ??
    waitOfKept(migration, others, given)
  );
}

/** A plan that says in its notes what it must wait for. */
export function withWait(plan: MigrationPlan, wait: PlanRefusal | null): MigrationPlan {
  if (wait === null) return plan;
  return { ...plan, notes: [`Line ${wait.line} waits: ${wait.reason}`, ...plan.notes] };
}

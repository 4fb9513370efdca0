import type { Column } from "../../../../model/catalog.js";
import type { DropColumn, Operation } from "../../../../model/operation.js";
import type { Step } from "../../../../model/step.js";
import { type Phased, Refusal, sameRelation } from "../../../engine.js";
import { quote } from "../../names.js";
import { algorithm, type MysqlContext, renamesInstantly } from "../algorithms.js";
import { alter, ddl, underLock } from "../ddl.js";
import { dropColumn, relaxParked } from "../drop-column.js";
import { all, hasColumn, hasTrigger, not, state, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import { lendDefault, lentClaim, notesOnLent, withoutZero } from "../lent-default.js";
import * as locks from "../locks.js";
import { columnOf, tableOf } from "../subject.js";
import { addsWithUp, type Group, groupOf } from "./group.js";
import { pairOf } from "./pair.js";
import { followOf, syncOf } from "./sides.js";

/** The name that each dropped column has between the swap and the drop. */
function parkedNames(group: Group, context: MysqlContext): (column: string) => string {
  const names = new Map(
    group.dropped.map(({ operation, column }) => [
      column.name.toLowerCase(),
      dropColumn(operation, context).retires[0]?.parked ?? column.name,
    ]),
  );
  return (column) => names.get(column.toLowerCase()) ?? column;
}

/** Under one lock all columns of the old side are parked, and follow the new one from there on. */
function park(group: Group, parked: (column: string) => string, context: MysqlContext): Step {
  const { relation } = group.table;
  const names = group.dropped.map((d) => d.column.name);
  const [sync, follow] = [syncOf(group), followOf(group, parked)];
  const how = algorithm(renamesInstantly(context.version, context.dialect));
  const rename = (forth: boolean) => {
    const moves = names.map((n) => (forth ? [n, parked(n)] : [parked(n), n]));
    return alter(
      relation,
      `${moves.map(([a = "", b = ""]) => `RENAME COLUMN ${quote(a)} TO ${quote(b)}`).join(", ")}, ${how}`,
    );
  };
  const swapped = all(...names.map((n) => hasColumn(relation, parked(n))));
  const again = (triggers: typeof sync) => triggers.flatMap((t) => [t.drop, t.create]);
  return ddl({
    id: `${context.ordinal}-park`,
    phase: "contract",
    stage: "swap",
    sql: underLock(relation, [...sync.map((t) => t.drop), rename(true), ...follow.map((t) => t.create)]),
    undo: underLock(relation, [...follow.map((t) => t.drop), ...guarded(swapped, rename(false)), ...again(sync)]),
    atomicPacket: true,
    probe: {
      sql: state(`${swapped} AND ${all(...follow.map((t) => hasTrigger(relation, t.name)))}`, not(`(${swapped})`)),
      repair: again(follow),
    },
    locks: [locks.brief(relation)],
    reason: `Under one short lock ${names.join(", ")} ${names.length === 1 ? "is" : "are"} parked, still kept up to date, so that this can be undone.`,
  });
}

/** A trigger that names a column must go before the column does, or every write fails. */
function endFollow(group: Group, parked: (column: string) => string, context: MysqlContext): Step {
  const { relation } = group.table;
  const follow = followOf(group, parked);
  return ddl({
    id: `${context.ordinal}-drop-follow`,
    phase: "contract",
    stage: "drop",
    sql: underLock(relation, [
      ...group.dropped.flatMap(({ column }) =>
        withoutZero(relation, { ...column, name: parked(column.name) }, context.dialect).flatMap((sql) =>
          guarded(hasColumn(relation, parked(column.name)), sql),
        ),
      ),
      ...follow.map((t) => t.drop),
    ]),
    atomicPacket: true,
    probe: { sql: stateOf(all(...follow.map((t) => not(hasTrigger(relation, t.name))))), repair: [] },
    locks: [locks.brief(relation)],
    reason: "From here on nothing follows what new code writes, so that there is no way back.",
  });
}

const place = (operation: Operation, { file }: MysqlContext): number =>
  file.findIndex((f) => f.operation.kind === operation.kind && f.operation.span.start === operation.span.start);

function refuseOrder(operation: DropColumn, context: MysqlContext): void {
  const adds = addsWithUp(operation.relation, context);
  if (adds.length === 0)
    throw new Refusal(
      `\`zmigrate:down\` says how ${operation.column} is computed from new columns, and this file adds none with \`zmigrate:up\`.`,
      "Put ADD COLUMN with `-- zmigrate:up` above it in the same file, or leave the directive out.",
    );
  if (adds.some((a) => place(a, context) > place(operation, context)))
    throw new Refusal(
      `${operation.column} is dropped above an ADD COLUMN that takes its place.`,
      "Write every ADD COLUMN above the DROP COLUMN.",
    );
}

/** Another column of the old side has gone before, and its steps park this one as well. */
function isFirst(operation: DropColumn, context: MysqlContext): boolean {
  const { defaultSchema } = context.catalog;
  const [first] = context.file.filter(
    ({ operation: o, down }) =>
      o.kind === "drop-column" && down !== null && sameRelation(o.relation, operation.relation, defaultSchema),
  );
  return first?.operation.span.start === operation.span.start;
}

/** MySQL: where new code writes nothing that the old column could be computed from, nothing gives that a value. ENUM has one. */
function noteOnNull(operation: DropColumn, column: Column, context: MysqlContext): string[] {
  const mustBeGiven =
    column.notNull && column.default === null && !column.autoIncrement && !/^enum\b/i.test(column.type);
  const open = addsWithUp(operation.relation, context).flatMap((a) => (a.column.notNull ? [] : a.column.name));
  if (context.dialect !== "mysql" || !mustBeGiven || open.length === 0) return [];
  return [
    `${column.name} is NOT NULL without a default: until the swap MySQL refuses an INSERT of new code that leaves ${open.join(", ")} NULL (error 1364). It has to give a value until then.`,
  ];
}

/** New code, and after the swap all code, leaves the old column to the triggers. */
function lendDropped(operation: DropColumn, context: MysqlContext) {
  const table = tableOf(operation.relation, context);
  const column = columnOf(table, operation.column);
  const given = { id: `${context.ordinal}-lend-default`, phase: "expand" } as const;
  const steps = lendDefault(table, column, context, given);
  return {
    steps,
    claims: steps.length === 0 ? [] : [lentClaim(table.relation, column.name)],
    notes: [...notesOnLent(table, column, context, "the swap parks it"), ...noteOnNull(operation, column, context)],
  };
}

/** One of the old columns of a group; with the first of them all are parked. @throws Refusal */
export function dropDerived(operation: DropColumn, context: MysqlContext): Phased {
  refuseOrder(operation, context);
  const plain = dropColumn(operation, context);
  const lent = lendDropped(operation, context);
  const drops = plain.steps.filter((s) => s.stage === "drop");
  const sides = plain.retires.flatMap(({ relation, column: kept, parked }) =>
    addsWithUp(relation, context).map(({ column: { name } }) => ({
      relation,
      column: name,
      swapped: name,
      kept,
      parked,
    })),
  );
  const given = { ...plain, sides, claims: lent.claims, notes: [...plain.notes, ...lent.notes] };
  if (!isFirst(operation, context)) return { ...given, steps: [...lent.steps, ...drops] };
  const group = groupOf(operation.relation, context);
  const parked = parkedNames(group, context);
  const relaxed = group.dropped.flatMap(({ column }, n) =>
    relaxParked(group.table, { ...column, name: parked(column.name) }, context, n + 1),
  );
  const steps = [...lent.steps, park(group, parked, context), ...relaxed, endFollow(group, parked, context), ...drops];
  return { ...given, steps, pairs: [pairOf(group) ?? []].flat() };
}

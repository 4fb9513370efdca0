import type { Column, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased } from "../../engine.js";
import { baseType } from "../triggers/values.js";
import { INSTANT, type MysqlContext } from "./algorithms.js";
import { alter, ddl } from "./ddl.js";
import { all, hasDefault, hasDefaultOf, hasOwnTrigger, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { lend, lentDefault, unlend } from "./lent-default.js";
import * as locks from "./locks.js";

/** An ENUM whose first member the server gives to an INSERT that leaves it out, as long as the table has no trigger. */
interface Lent {
  readonly column: Column;
  readonly value: string;
}

const writes = (text: string) => (step: Step) => step.sql.some((sql) => sql.includes(text));

/** Those that no step of the strategy takes care of. */
function lentOf(table: Table, steps: readonly Step[], { dialect }: MysqlContext): Lent[] {
  return table.columns.flatMap((column) => {
    const value = baseType(column.type) === "enum" ? lentDefault(column, dialect) : null;
    return value === null || steps.some(writes(lend(column.name, value))) ? [] : [{ column, value }];
  });
}

/** Another migration's triggers, or another operation's, may need them still. */
const takeBack = (relation: RelationName, lent: readonly Lent[]): string[] =>
  lent.flatMap(({ column, value }) =>
    guarded(
      `${hasDefaultOf(relation, column.name, value)} AND ${not(hasOwnTrigger(relation))}`,
      alter(relation, `${unlend(column.name)}, ${INSTANT}`),
    ),
  );

const ends = (lent: readonly Lent[]) => `${lent.map((l) => lend(l.column.name, l.value)).join(", ")}, ${INSTANT}`;
const names = (lent: readonly Lent[]) => lent.map((l) => l.column.name).join(", ");

const before = (relation: RelationName, lent: readonly Lent[], { ordinal }: MysqlContext): Step =>
  ddl({
    id: `${ordinal}-lend-enums`,
    phase: "expand",
    sql: [alter(relation, ends(lent))],
    undo: takeBack(relation, lent),
    probe: { sql: stateOf(all(...lent.map((l) => hasDefault(relation, l.column.name)))), repair: [] },
    locks: [locks.brief(relation)],
    reason: `An INSERT that leaves ${names(lent)} out gets the first member, which MariaDB gives by itself only as long as the table has no trigger (error 1364).`,
  });

function after(relation: RelationName, lent: readonly Lent[], last: Step, { ordinal }: MysqlContext): Step {
  const done = lent.map((l) => not(hasDefaultOf(relation, l.column.name, l.value)));
  return ddl({
    id: `${ordinal}-unlend-enums`,
    phase: last.phase,
    stage: last.stage,
    final: false,
    sql: takeBack(relation, lent),
    undo: last.stage === "drop" ? [] : [alter(relation, ends(lent))],
    probe: { sql: stateOf(`(${all(...done)}) OR ${hasOwnTrigger(relation)}`), repair: [] },
    locks: [locks.brief(relation)],
    reason: `The triggers are gone, and MariaDB itself gives ${names(lent)} the first member again.`,
  });
}

/**
 * Lends the ENUMs of a table their first member as a default for as long as triggers of ours are on it. Measured on
 * MariaDB 10.11: with any trigger on a table, `INSERT ... VALUES` that leaves out an ENUM NOT NULL fails (error 1364).
 */
export function withEnums(phased: Phased, relation: RelationName | null, context: MysqlContext): Phased {
  const { steps } = phased;
  if (context.dialect !== "mariadb" || relation === null || !steps.some(writes("CREATE TRIGGER"))) return phased;
  const table = findTable(context.catalog, relation);
  const lent = table === null ? [] : lentOf(table, steps, context);
  if (table === null || lent.length === 0) return phased;
  const last = steps.findLastIndex(writes("DROP TRIGGER"));
  const end = steps[last];
  const taken = end === undefined ? [] : [after(table.relation, lent, end, context)];
  const whole = [
    before(table.relation, lent, context),
    ...steps.slice(0, last + 1),
    ...taken,
    ...steps.slice(last + 1),
  ];
  return { ...phased, steps: whole };
}

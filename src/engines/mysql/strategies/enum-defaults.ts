import type { Column, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased } from "../../engine.js";
import { LENT_ENUM } from "../names.js";
import { baseType } from "../triggers/values.js";
import { INSTANT, type MysqlContext } from "./algorithms.js";
import { isGuarded } from "./app-triggers.js";
import { alter, ddl } from "./ddl.js";
import { all, hasColumn, hasDefault, hasLentEnum, hasOwnTrigger, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import { lend, lentClaim, loanOf } from "./lent-default.js";
import * as locks from "./locks.js";
import { takeBackEnums } from "./take-back-enums.js";

/** An ENUM whose first member the server gives to an INSERT that leaves it out, as long as the table has no trigger. */
interface Loan {
  readonly column: Column;
  readonly end: string;
}

const writes = (text: string) => (step: Step) => step.sql.some((sql) => sql.includes(text));

function loansOf(table: Table, { dialect }: MysqlContext): Loan[] {
  return table.columns.flatMap((column) => {
    const value = baseType(column.type) === "enum" ? loanOf(column, dialect) : null;
    return value === null ? [] : [{ column, end: lend(column, value) }];
  });
}

const ends = (loans: readonly Loan[]) => `${loans.map((l) => l.end).join(", ")}, ${INSTANT}`;
const shown = (loans: readonly Loan[]) => loans.map((l) => l.column.name).join(", ");

const before = (relation: RelationName, loans: readonly Loan[], { ordinal }: MysqlContext): Step =>
  ddl({
    id: `${ordinal}-lend-enums`,
    phase: "expand",
    sql: [alter(relation, ends(loans))],
    undo: takeBackEnums(relation),
    probe: { sql: stateOf(all(...loans.map((l) => hasDefault(relation, l.column.name)))), repair: [] },
    locks: [locks.brief(relation)],
    reason: `An INSERT that leaves ${shown(loans)} out gets the first member, which MariaDB gives by itself only as long as the table has no trigger (error 1364).`,
  });

/** Another change may have renamed one since. */
const again = (relation: RelationName, loans: readonly Loan[]): string[] =>
  loans.flatMap((l) =>
    guarded(
      `${hasColumn(relation, l.column.name)} AND ${not(hasDefault(relation, l.column.name))}`,
      alter(relation, ends([l])),
    ),
  );

const after = (
  relation: RelationName,
  loans: readonly Loan[],
  last: Step,
  own: readonly string[] | null,
  { ordinal }: MysqlContext,
): Step =>
  ddl({
    id: `${ordinal}-unlend-enums`,
    phase: last.phase,
    stage: last.stage,
    final: false,
    sql: takeBackEnums(relation, own),
    undo: last.stage === "drop" ? [] : again(relation, loans),
    probe: {
      sql: stateOf(
        own === null ? `${not(hasLentEnum(relation))} OR ${hasOwnTrigger(relation)}` : not(hasLentEnum(relation, own)),
      ),
      repair: [],
    },
    locks: [locks.brief(relation)],
    reason: "The triggers are gone, and MariaDB itself gives an ENUM its first member again.",
  });

/** The columns that a change itself lends to, by all names that they have. */
const namesOf = ({ retires }: Phased, loans: readonly Loan[]): readonly string[] =>
  loans.flatMap(({ column }) => {
    const renamed = retires.find((r) => r.column === column.name)?.replacement ?? null;
    return renamed === null ? [column.name] : [column.name, renamed];
  });

/**
 * Lends the ENUMs of a table their first member as a default for as long as triggers of ours are on it. Measured on
 * MariaDB 10.11: with a BEFORE trigger for INSERT or UPDATE on a table, `INSERT ... VALUES` that leaves out an ENUM NOT
 * NULL fails (error 1364). Where the application has one, that is so already, and the trigger may look for NULL.
 */
export function withEnums(phased: Phased, relation: RelationName | null, context: MysqlContext): Phased {
  const { steps } = phased;
  if (context.dialect !== "mariadb" || relation === null || !steps.some(writes("CREATE TRIGGER"))) return phased;
  const table = findTable(context.catalog, relation);
  if (table === null) return phased;
  // One that is renamed or dropped itself is lent to by a step of its own.
  const own = (l: Loan) => steps.some((step) => step.phase === "expand" && writes(l.end)(step));
  const guarded = isGuarded(table, context);
  const loans = loansOf(table, context);
  const others = guarded ? [] : loans.filter((l) => !own(l));
  const names = guarded ? namesOf(phased, loans.filter(own)) : null;
  if (others.length === 0 && !steps.some(writes(LENT_ENUM))) return phased;
  const last = steps.findLastIndex(writes("DROP TRIGGER"));
  const end = steps[last];
  const whole = [
    ...(others.length === 0 ? [] : [before(table.relation, others, context)]),
    ...steps.slice(0, last + 1),
    ...(end === undefined ? [] : [after(table.relation, others, end, names, context)]),
    ...steps.slice(last + 1),
  ];
  const lent = others.map((l) => lentClaim(table.relation, l.column.name));
  return { ...phased, steps: whole, claims: [...(phased.claims ?? []), ...lent] };
}

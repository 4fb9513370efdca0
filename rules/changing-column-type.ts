import { findTable } from "../src/engines/engine.js";
import { isGuarded } from "../src/engines/mysql/effects/asserted.js";
import { OTHER_ZONE } from "../src/engines/postgres/effects/type-change.js";
import { longLock } from "./locks.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { sameSpelling } from "./same-spelling.js";
import { typeMet } from "./type-met.js";
import { detailOf } from "./understood.js";
import { unknownLetters } from "./unknown-letters.js";

/** What a change of the type costs, as far as the effect tells. */
function costOf(context: RuleContext): string[] {
  const { effect, operation } = context;
  const loses = effect.destroys && detailOf(operation, "modify-column") !== null;
  const zero = (effect.enforces ?? []).some((what) => what.endsWith(" is not NULL")) ? " (NULL by 0 or '')" : "";
  const lock = longLock(effect);
  const who =
    lock === null ? "beside the traffic" : `while ${lock.blocks === "reads" ? "reads and writes" : "writes"} wait`;
  return [
    ...(effect.rewrite ? [`the table and its indexes are written again ${who}`] : []),
    ...(!effect.rewrite && effect.indexesRebuilt ? [`indexes are built again ${who}`] : []),
    ...(!effect.rewrite && effect.scan && lock !== null ? [`every row is read ${who}`] : []),
    ...effect.breaks.filter((b) => b.who === "N-1" && b.by === undefined).map((b) => typeMet(b, context)),
    ...(effect.fails === null ? [] : [effect.fails]),
    ...(loses ? [`values that do not fit are cut off, rounded or replaced${zero} without an error, and are lost`] : []),
  ];
}

/** A definition that loses something else has a rule of its own; here it is about the type. */
function columnOf({ operation }: RuleContext): string | null {
  return detailOf(operation, "alter-column-type")?.column ?? detailOf(operation, "modify-column")?.column ?? null;
}

/** MODIFY and CHANGE that leave the type as it is: what they do besides is no matter of types. */
function keepsType({ operation, catalog, effect }: RuleContext): boolean {
  const modified = detailOf(operation, "modify-column");
  if (modified === null || operation.relation === null || effect.fails !== null) return false;
  const { column, definition } = modified;
  const old = findTable(catalog, operation.relation)?.columns.find(
    (c) => c.name.toLowerCase() === column.toLowerCase(),
  );
  const letters = definition.characterSet ?? definition.collation ?? old?.characterSet ?? old?.collation ?? null;
  const broken = effect.breaks.some((b) => b.who === "N-1" && b.by === undefined);
  return old !== undefined && letters === null && !broken && sameSpelling(old.type, definition.type);
}

function check(context: RuleContext): Verdict | null {
  if (keepsType(context)) return null;
  const column = columnOf(context);
  const costs = column === null ? [] : costOf(context);
  const unknown = unknownLetters(context) !== null;
  // It is refused, or done in place: `failing-statement` says it.
  const refusable =
    unknown && isGuarded(context.operation.execution) && costs.length === 1 && costs[0] === context.effect.fails;
  if (column === null || costs.length === 0 || refusable) return null;
  const name = context.engine.quote(column);
  const { rewrite, rests = [] } = context.effect;
  return { message: `Changing ${name}: ${costs.join("; ")}.`, help: helpFor(name, rewrite && unknown, rests) };
}

function helpFor(name: string, isByLetters: boolean, rests: readonly string[]): string {
  if (isByLetters)
    return "Write `, ALGORITHM=INPLACE, LOCK=NONE` behind it: it is refused then (1846) instead of blocking; or name the character set in the file that makes the table (DEFAULT CHARSET=utf8mb4).";
  const apart = `Add a second column of the new type, keep both equal by a trigger, fill it in batches, let new code use it, and drop ${name} in a later release.`;
  return rests.includes(OTHER_ZONE)
    ? `If the values of ${name} are meant in UTC, write SET LOCAL timezone = 'UTC'; in front, in the same transaction: no row is written then. Else: ${apart}`
    : apart;
}

export const rule: Rule = {
  id: "changing-column-type",
  engines: ALL_ENGINES,
  severity: "error",
  costs: true,
  protects: "Most changes of a type write the whole table and its indexes again while the application waits.",
  check,
  bad: [
    { sql: "ALTER TABLE users ALTER COLUMN id TYPE bigint;", engines: ["postgres"] },
    { sql: "ALTER TABLE users MODIFY id bigint;", engines: ["mysql", "mariadb"] },
  ],
  good: [
    {
      sql: "CREATE TABLE users (name varchar(10));\nSELECT 1;\nALTER TABLE users ALTER COLUMN name TYPE varchar(20);",
      engines: ["postgres"],
    },
    { sql: "ALTER TABLE users ALTER COLUMN name SET DEFAULT 'x';" },
  ],
};

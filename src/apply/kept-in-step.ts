import { ZmigrateError } from "../errors.js";
import { show } from "../model/name.js";
import { anotherColumn } from "./another-column.js";
import { displaced } from "./displaced.js";
import type { Helper } from "./helpers.js";
import { type Asked, missingHelpers } from "./missing-helpers.js";
import { parkedRenamed } from "./parked-renamed.js";

/** Statements that make a trigger again, each with its end. */
function remade({ create, step, name }: Helper, { engine, catalog }: Asked): string[] {
  const table = catalog.tables.find((t) => t.helpers?.some((h) => h.name === name));
  if (table !== undefined)
    return [`ALTER TABLE ${engine.quoteRelation(table.relation)} ENABLE TRIGGER ${engine.quote(name)};`];
  const functions = step.sql.filter((sql) => {
    const called = /^CREATE FUNCTION (\S+)\(/.exec(sql)?.[1];
    return called !== undefined && create.includes(called);
  });
  // Whose rights such a function has, and who may call it.
  const rights = step.sql.filter((sql) => {
    const called = /^(?:REVOKE|DO) [^"]*("zmigrate"\."[^"]+")/.exec(sql)?.[1];
    return called !== undefined && create.includes(`${called}(`);
  });
  const made = functions.map((sql) => sql.replace(/^CREATE /, "CREATE OR REPLACE "));
  return [...made, ...rights, create].map((sql) => engine.script.statement(sql));
}

/**
 * What keeps the two sides of a change in step is as the migration has made it, or an error that says what is not: the
 * trigger, the column that the new one may have been, and where the values are. Null where all is there, where a step was
 * cut off that makes or drops it, and where this user may not see triggers.
 */
export function outOfStep(
  asked: Asked,
): ZmigrateError<"column-renamed"> | ZmigrateError<"column-another"> | ZmigrateError<"trigger-gone"> | null {
  const missing = missingHelpers(asked);
  const column = parkedRenamed(asked) ?? displaced(asked) ?? anotherColumn(asked, missing);
  if (column !== null || missing.length === 0) return column;
  const { record, engine } = asked;
  const tables = asked.catalog.tables.filter((t) =>
    missing.some((m) => m.create.includes(` ON ${engine.quoteRelation(t.relation)}`)),
  );
  const swapped = missing.some((m) => m.step.stage === "swap");
  return new ZmigrateError("trigger-gone", {
    id: record.id,
    table: tables.map((t) => show(t.relation)).join(", "),
    triggers: missing.map((m) => m.name),
    sql: [...new Set(missing.flatMap((m) => remade(m, asked)))],
    parked: swapped ? record.plan.retires.map((r) => r.parked).filter((p) => p !== "") : [],
  });
}

/** @throws ZmigrateError column-renamed, column-another, trigger-gone */
export function refuseOutOfStep(asked: Asked): void {
  const error = outOfStep(asked);
  if (error !== null) throw error;
}

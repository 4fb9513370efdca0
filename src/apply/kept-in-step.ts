import { type Engine, findTable } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Retired } from "../model/plan.js";
import { standsIn } from "./carried.js";
import { type Helper, helpersOf, renamedTo, standingHelper } from "./helpers.js";

/** A migration under way, and the database as it is. */
export interface Asked {
  readonly engine: Engine;
  readonly record: MigrationRecord;
  readonly steps: readonly StepRecord[];
  readonly catalog: Catalog;
}

/** What the columns that a trigger names are called in the text that makes it. */
function namedIn(create: string): readonly string[] {
  return [...create.matchAll(/\b(?:NEW|OLD)\.(?:"((?:[^"]|"")*)"|`((?:[^`]|``)*)`)/g)].map(([, double, back]) =>
    double === undefined ? (back ?? "").replaceAll("``", "`") : double.replaceAll('""', '"'),
  );
}

const isOn = ({ create }: Helper, { relation }: Retired, { engine }: Asked) =>
  create.includes(` ON ${engine.quoteRelation(relation)}`);

/** True for one that the parked columns have gone from: there is nothing left that it could keep. */
function isOver(helper: Helper, asked: Asked): boolean {
  const { record, catalog } = asked;
  const retired = record.plan.retires.filter((r) => isOn(helper, r, asked));
  const tables = catalog.tables.filter((t) => helper.create.includes(` ON ${asked.engine.quoteRelation(t.relation)}`));
  const relation = retired[0]?.relation ?? tables[0]?.relation;
  if (relation !== undefined && namedIn(helper.create).some((name) => !standsIn(catalog, relation, name))) return true;
  if (helper.step.stage !== "swap" || retired.length === 0) return false;
  return retired.every((r) => !standsIn(catalog, r.relation, r.parked));
}

function missingHelpers(asked: Asked): Helper[] {
  const { record, steps, catalog } = asked;
  return helpersOf(record, steps).filter((helper) => {
    const found = standingHelper(catalog, helper);
    return found !== undefined && found?.fires !== true && !isOver(helper, asked);
  });
}

/** Statements that make a trigger again, each with its end. */
function remade({ create, step, name }: Helper, { engine, catalog }: Asked): string[] {
  const table = catalog.tables.find((t) => t.helpers?.some((h) => h.name === name));
  if (table !== undefined)
    return [`ALTER TABLE ${engine.quoteRelation(table.relation)} ENABLE TRIGGER ${engine.quote(name)};`];
  const functions = step.sql.filter((sql) => {
    const called = /^CREATE FUNCTION (\S+)\(/.exec(sql)?.[1];
    return called !== undefined && create.includes(called);
  });
  return [...functions.map((sql) => sql.replace(/^CREATE /, "CREATE OR REPLACE ")), create].map((sql) =>
    engine.script.statement(sql),
  );
}

/** What the new column may have lost, and both ways out of it. */
export function another(
  { engine, record }: Pick<Asked, "engine" | "record">,
  { relation, parked, replacement }: Retired,
  why: { rows?: number; examples?: readonly string[]; trigger?: string },
): ZmigrateError<"column-another"> {
  const alter = `ALTER TABLE ${engine.quoteRelation(relation)}`;
  const drop = (column: string) => `${alter} DROP COLUMN ${engine.quote(column)}`;
  const column = replacement ?? "";
  const triggers = record.plan.steps.filter((s) => s.final).flatMap((s) => s.sql);
  const inWay = triggers.filter((sql) => sql.startsWith("DROP TRIGGER ") && !sql.includes("`"));
  return new ZmigrateError("column-another", {
    id: record.id,
    table: show(relation),
    column,
    parked,
    rows: why.rows ?? null,
    examples: why.examples ?? [],
    trigger: why.trigger ?? null,
    remake: [drop(column), `${alter} RENAME COLUMN ${engine.quote(parked)} TO ${engine.quote(column)}`],
    keep: [...inWay, drop(parked)],
  });
}

/** Both are there under their names after the swap. */
const isParked = ({ relation, parked, replacement }: Retired, catalog: Catalog): boolean =>
  replacement !== null && standsIn(catalog, relation, parked) && standsIn(catalog, relation, replacement);

/** Where the two exchange their names, the one that was there first stands first. */
function standsBehind({ relation, parked, replacement, beside }: Retired, catalog: Catalog): boolean {
  if (beside === undefined || replacement === null) return false;
  const names = findTable(catalog, relation)?.columns.map((c) => c.name.toLowerCase()) ?? [];
  return names.indexOf(replacement.toLowerCase()) > names.indexOf(parked.toLowerCase());
}

function anotherColumn(asked: Asked, missing: readonly Helper[]): ZmigrateError<"column-another"> | null {
  for (const retired of asked.record.plan.retires.filter((r) => isParked(r, asked.catalog))) {
    const own = missing.find((helper) => {
      const named = namedIn(helper.create);
      return isOn(helper, retired, asked) && named.some((n) => n === retired.parked || n === retired.replacement);
    });
    if (own !== undefined) return another(asked, retired, { trigger: own.name });
    if (asked.record.swappedAt !== null && standsBehind(retired, asked.catalog)) return another(asked, retired, {});
  }
  return null;
}

/** A column of the table that it did not have, or not under this name, and that may be the parked one. */
function strangers({ relation, column, replacement, beside }: Retired, catalog: Catalog): string[] {
  const columns = findTable(catalog, relation)?.columns ?? [];
  const type = columns.find((c) => c.name.toLowerCase() === replacement?.toLowerCase())?.type;
  const known = new Set([...(beside ?? []), replacement ?? ""].map((name) => name.toLowerCase()));
  known.delete(column.toLowerCase());
  return columns.filter((c) => c.type === type && !known.has(c.name.toLowerCase())).map((c) => c.name);
}

function renamed(
  { engine, record }: Asked,
  { relation, parked, replacement }: Retired,
  to: readonly string[],
  type: string | null,
) {
  const alter = `ALTER TABLE ${engine.quoteRelation(relation)}`;
  return new ZmigrateError("column-renamed", {
    id: record.id,
    table: show(relation),
    column: parked,
    nameBack: to.map((name) => `${alter} RENAME COLUMN ${engine.quote(name)} TO ${engine.quote(parked)};`),
    again: type === null || replacement === null ? null : `${alter} ADD COLUMN ${engine.quote(parked)} ${type} NULL;`,
  });
}

/**
 * The error of a parked column that somebody has renamed: what counts as dropped would stay, with its NOT NULL. Null where
 * it is there, or gone for good.
 */
export function parkedRenamed(asked: Asked): ZmigrateError<"column-renamed"> | null {
  const { engine, record, steps, catalog } = asked;
  const helpers = helpersOf(record, steps);
  if (record.swappedAt === null || helpers.length === 0) return null;
  for (const retired of record.plan.retires) {
    const { relation, parked, replacement, beside } = retired;
    if (standsIn(catalog, relation, parked) || findTable(catalog, relation) === null) continue;
    const now = renamedTo(helpers, catalog, relation, parked, engine.quote);
    if (now !== null && now !== replacement) return renamed(asked, retired, [now], null);
    const maybe = beside === undefined ? [] : strangers(retired, catalog);
    const type = findTable(catalog, relation)?.columns.find((c) => c.name === maybe[0])?.type ?? null;
    if (maybe.length > 0) return renamed(asked, retired, maybe, type);
  }
  return null;
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
  const column = parkedRenamed(asked) ?? anotherColumn(asked, missing);
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

/**
 * What a rollback after the swap may take away: the last copy of what it would give back, or nothing of it. What it takes
 * back before the swap, it compares.
 *
 * @throws ZmigrateError column-renamed, column-another unless that loss is accepted
 */
export function refuseAnother(asked: Asked, acceptLoss: boolean): void {
  const error = parkedRenamed(asked) ?? (acceptLoss ? null : anotherColumn(asked, missingHelpers(asked)));
  if (error !== null) throw error;
}

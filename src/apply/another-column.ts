import { findTable } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import { show } from "../model/name.js";
import type { Retired } from "../model/plan.js";
import { standsIn } from "./carried.js";
import { displaced } from "./displaced.js";
import type { Helper } from "./helpers.js";
import { type Asked, isOn, missingHelpers, namedIn } from "./missing-helpers.js";
import { parkedRenamed } from "./parked-renamed.js";

/** What takes away the triggers that write the parked column: a write that fires one fails while there is no such column. */
export const triggerDrops = ({ plan }: MigrationRecord): readonly string[] =>
  plan.steps
    .filter((s) => s.final)
    .flatMap((s) => s.sql)
    .filter((sql) => sql.startsWith("DROP TRIGGER "));

/** What the new column may have lost, and both ways out of it. */
export function another(
  { engine, record }: Pick<Asked, "engine" | "record">,
  { relation, parked, replacement }: Retired,
  why: { rows?: number; examples?: readonly string[]; trigger?: string },
): ZmigrateError<"column-another"> {
  const alter = `ALTER TABLE ${engine.quoteRelation(relation)}`;
  const drop = (column: string) => `${alter} DROP COLUMN ${engine.quote(column)}`;
  const column = replacement ?? "";
  const triggers = triggerDrops(record);
  return new ZmigrateError("column-another", {
    id: record.id,
    table: show(relation),
    column,
    parked,
    rows: why.rows ?? null,
    examples: why.examples ?? [],
    trigger: why.trigger ?? null,
    remake: [...triggers, drop(column), `${alter} RENAME COLUMN ${engine.quote(parked)} TO ${engine.quote(column)}`],
    keep: [...triggers, drop(parked)],
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

/** The error of a new column that need not be the one which the swap left, while the parked one is there; null for none. */
export function anotherColumn(asked: Asked, missing: readonly Helper[]): ZmigrateError<"column-another"> | null {
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

/**
 * What a rollback after the swap may take away: the last copy of what it would give back, or nothing of it. What it takes
 * back before the swap, it compares.
 *
 * @throws ZmigrateError column-renamed, column-another unless that loss is accepted
 */
export function refuseAnother(asked: Asked, acceptLoss: boolean): void {
  const error =
    parkedRenamed(asked) ?? displaced(asked) ?? (acceptLoss ? null : anotherColumn(asked, missingHelpers(asked)));
  if (error !== null) throw error;
}

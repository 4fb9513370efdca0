import { findTable } from "../engines/engine.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog, HelperTrigger } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Step } from "../model/step.js";

/** A trigger of ours that a migration has made and not yet taken away. */
export interface Helper {
  readonly name: string;
  /** What has made it: `CREATE TRIGGER ...`. */
  readonly create: string;
  readonly step: Step;
}

const NAME = '"((?:[^"]|"")*)"|`((?:[^`]|``)*)`';
const MADE = new RegExp(`^CREATE TRIGGER (?:(?:${NAME})\\.)?(?:${NAME})`);
const DROPPED = new RegExp(`^DROP TRIGGER (?:IF EXISTS )?(?:(?:${NAME})\\.)?(?:${NAME})`);

/** The name that a statement is about, where it is one of ours: no other is in a plan's hands. */
function ours(pattern: RegExp, sql: string): string | null {
  const found = pattern.exec(sql);
  const name = found?.[3] ?? found?.[4] ?? "";
  return /^(?:zzz_)?zmigrate_/.test(name) ? name : null;
}

const STRETCHES = ["expand", "backfill", "swap", "drop"];
const stretchOf = ({ phase, stage }: Step): number => STRETCHES.indexOf(stage ?? phase);

/**
 * The triggers of ours that stand as far as a migration has come: what its steps have made and none has dropped. None of
 * those that a step which was cut off is about, and none of a migration that is over or whose rollback has begun.
 */
export function helpersOf({ status, plan }: MigrationRecord, records: readonly StepRecord[]): readonly Helper[] {
  if (status === "contracted" || status === "rolled-back" || records.some((s) => s.status === "undone")) return [];
  const statusOf = new Map(records.map((s) => [s.stepId, s.status]));
  const standing = new Map<string, Helper>();
  for (const step of plan.steps.toSorted((a, b) => stretchOf(a) - stretchOf(b))) {
    const ran = statusOf.get(step.id);
    if (ran !== "done" && ran !== "running") continue;
    for (const create of step.sql) {
      const [made, dropped] = [ours(MADE, create), ours(DROPPED, create)];
      if (made !== null && ran === "done") standing.set(made, { name: made, create, step });
      else standing.delete(made ?? dropped ?? "");
    }
  }
  return [...standing.values()];
}

/** A trigger by its name; null where there is none, undefined where that is not known. */
export function standingHelper(catalog: Catalog, { name }: Helper): HelperTrigger | null | undefined {
  const found = catalog.tables.flatMap((t) => t.helpers ?? []).find((h) => h.name === name);
  if (found !== undefined) return found;
  return catalog.tables.some((t) => t.helpers === undefined) ? undefined : null;
}

/** What a column that helpers name is called by now, where the server tells and it is another name. */
export function renamedTo(
  helpers: readonly Helper[],
  catalog: Catalog,
  relation: RelationName,
  column: string,
  quote: (name: string) => string,
): string | null {
  const has = new Set(findTable(catalog, relation)?.columns.map((c) => c.name));
  const names = (create: string, name: string) => ["NEW.", "OLD.", "OF "].some((w) => create.includes(w + quote(name)));
  for (const helper of helpers) {
    const columns = standingHelper(catalog, helper)?.columns ?? null;
    if (columns === null || columns.includes(column) || !names(helper.create, column)) continue;
    const [other, ...more] = columns.filter((c) => !names(helper.create, c) && has.has(c));
    if (other !== undefined && more.length === 0) return other;
  }
  return null;
}

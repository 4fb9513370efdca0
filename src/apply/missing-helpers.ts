import type { Engine } from "../engines/engine.js";
import type { MigrationRecord, StepRecord } from "../journal/records.js";
import type { Catalog } from "../model/catalog.js";
import type { Retired } from "../model/plan.js";
import { standsIn } from "./carried.js";
import { type Helper, helpersOf, standingHelper } from "./helpers.js";

/** A migration under way, and the database as it is. */
export interface Asked {
  readonly engine: Engine;
  readonly record: MigrationRecord;
  readonly steps: readonly StepRecord[];
  readonly catalog: Catalog;
}

/** What the columns that a trigger names are called in the text that makes it. */
export function namedIn(create: string): readonly string[] {
  return [...create.matchAll(/\b(?:NEW|OLD)\.(?:"((?:[^"]|"")*)"|`((?:[^`]|``)*)`)/g)].map(([, double, back]) =>
    double === undefined ? (back ?? "").replaceAll("``", "`") : double.replaceAll('""', '"'),
  );
}

/** It is a trigger of the column's table. */
export const isOn = ({ create }: Helper, { relation }: Retired, { engine }: Asked) =>
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

/** Triggers that a migration has made and that are gone or switched off, while there is something that they keep. */
export function missingHelpers(asked: Asked): Helper[] {
  const { record, steps, catalog } = asked;
  return helpersOf(record, steps).filter((helper) => {
    const found = standingHelper(catalog, helper);
    return found !== undefined && found?.fires !== true && !isOver(helper, asked);
  });
}

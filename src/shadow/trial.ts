import type { Engine } from "../engines/engine.js";
import type { Shadow } from "../engines/shadow.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import { type Proof, prove } from "./prove.js";
import { replay } from "./replay.js";

/** A history that is replayed, and the plans that are tried on the way. */
export interface Trial {
  /** The schema as the migrations until now have left it. */
  catalog(): Promise<Catalog>;
  /** Runs a migration as it is written. @throws ZmigrateError shadow-failed */
  skip(migration: Migration): Promise<void>;
  prove(plan: MigrationPlan, migration: Migration, engine: Engine): Promise<Proof>;
  close(): Promise<void>;
}

/**
 * Opens what a trial needs: the second database only where a migration is to be tried.
 *
 * @throws ZmigrateError not-available
 */
export async function openTrial(
  open: (texts: readonly string[]) => Promise<Shadow>,
  folder: readonly Migration[],
  isTried: (migration: Migration) => boolean,
): Promise<Trial> {
  const texts = folder.map((m) => m.text);
  const phased = await open(texts);
  const plain = folder.some(isTried) ? await open(texts) : null;
  const all = plain === null ? [phased] : [phased, plain];
  return {
    catalog: () => phased.introspect(),
    async skip(migration) {
      for (const shadow of all) await replay([migration], shadow);
    },
    prove: (plan, migration, engine) => prove(plan, migration, { phased, plain: plain ?? phased }, engine),
    async close() {
      for (const shadow of all) await shadow.close();
    },
  };
}

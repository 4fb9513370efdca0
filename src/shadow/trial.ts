import type { Shadow } from "../engines/shadow.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import { type AtStage, type Pair, type Proof, prove } from "./prove.js";
import { replay } from "./replay.js";

/** A history that is replayed, and the plans that are tried on the way. */
export interface Trial {
  /** The schema as the migrations until now have left it. */
  catalog(): Promise<Catalog>;
  /** Runs a migration as it is written. @throws ZmigrateError shadow-failed */
  skip(migration: Migration): Promise<void>;
  /** Where the plan is refused, what follows is tried on what the plain statements have left. */
  prove(plan: MigrationPlan, migration: Migration, at?: AtStage): Promise<Proof>;
  close(): Promise<void>;
}

const shadowsOf = ({ phased, plain }: Pair): readonly Shadow[] => [phased, plain];

async function closeAll(pair: Pair): Promise<void> {
  for (const shadow of shadowsOf(pair)) await shadow.close();
}

/**
 * Opens the two databases that a trial needs.
 *
 * @throws ZmigrateError not-available
 */
export async function openTrial(open: () => Promise<Shadow>): Promise<Trial> {
  const done: Migration[] = [];
  const openPair = async (): Promise<Pair> => ({ phased: await open(), plain: await open() });
  let pair = await openPair();
  const skip = async (migration: Migration): Promise<void> => {
    for (const shadow of shadowsOf(pair)) await replay([migration], shadow);
    done.push(migration);
  };
  /** Half a plan has been run: both databases are made anew. */
  const startOver = async (): Promise<void> => {
    await closeAll(pair);
    pair = await openPair();
    for (const shadow of shadowsOf(pair)) await replay(done, shadow);
  };
  return {
    catalog: () => pair.phased.introspect(),
    skip,
    async prove(plan, migration, at) {
      const proof = await prove(plan, migration, pair, at);
      done.push(migration);
      if (proof.refused !== null || proof.forced === true) await startOver();
      return proof;
    },
    close: () => closeAll(pair),
  };
}

import type { Shadow } from "../engines/shadow.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { MigrationPlan } from "../model/plan.js";
import { type AtStage, type Pair, type Planned, type Proof, prove, proveTogether } from "./prove.js";
import { replay } from "./replay.js";

/** A history that is replayed, and the plans that are tried on the way. */
export interface Trial {
  /** The schema as the migrations until now have left it. */
  catalog(): Promise<Catalog>;
  /** Runs a migration as it is written. @throws ZmigrateError shadow-failed */
  skip(migration: Migration): Promise<void>;
  /** Where the plan is refused, what follows is tried on what the plain statements have left. */
  prove(plan: MigrationPlan, migration: Migration, at?: AtStage): Promise<Proof>;
  /** Several plans that are done in expand; null, and nothing has happened, where they have to be tried one by one. */
  proveTogether(all: readonly Planned[]): Promise<readonly MigrationPlan[] | null>;
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
  /** What was read last, while it is so. */
  let now: Catalog | null = null;
  const catalog = async (): Promise<Catalog> => {
    now ??= await pair.phased.introspect();
    return now;
  };
  const skip = async (migration: Migration): Promise<void> => {
    now = null;
    for (const shadow of shadowsOf(pair)) await replay([migration], shadow);
    done.push(migration);
  };
  /** Half a plan has been run: both databases are made anew. */
  const startOver = async (): Promise<void> => {
    now = null;
    await closeAll(pair);
    pair = await openPair();
    for (const shadow of shadowsOf(pair)) await replay(done, shadow);
  };
  return {
    catalog,
    skip,
    async prove(plan, migration, at) {
      const before = await catalog();
      now = null;
      const proof = await prove(plan, migration, pair, before, at);
      now = proof.after;
      done.push(migration);
      if (proof.refused !== null || proof.forced === true) await startOver();
      return proof;
    },
    async proveTogether(all) {
      const before = await catalog();
      now = null;
      const proof = await proveTogether(all, pair, before);
      if (proof === null) {
        await startOver();
        return null;
      }
      now = proof.after;
      done.push(...all.map(({ migration }) => migration));
      return proof.plans;
    },
    close: () => closeAll(pair),
  };
}

import type { BackfillKey, Cursor, Database, Session, VerifyResult } from "../engines/engine.js";
import { isError } from "../errors.js";
import type { PlannedMigration } from "../model/plan-report.js";
import type { RowPair, SampledPair } from "../model/row-pair.js";

/** Rows that are tried from the first one on, and behind each of the places in the rest of a larger table. */
const FIRST = 1_000;
const NEXT = 100;
const PLACES = 9;

/** A plan must hold nobody up. */
const TIMEOUTS = { lockMs: 1_000, statementMs: 5_000 };

interface Trial {
  readonly database: Database;
  readonly session: Session;
  readonly pair: RowPair;
  readonly key: BackfillKey;
}

async function tryRows({ database, session, pair, key }: Trial, after: Cursor, rows: number): Promise<VerifyResult> {
  const work = { relation: pair.relation, mismatch: pair.lossy };
  await database.begin(session, TIMEOUTS);
  try {
    return await database.verifyBatch(session, { work, key, after, rows });
  } finally {
    await database.rollback(session);
  }
}

/** The first row behind `after` that takes no conversion, of `rows` of which one does not. */
async function failing(trial: Trial, after: Cursor, rows: number): Promise<{ key: string; reason: string }> {
  if (rows === 1) {
    const reason = await tryRows(trial, after, 1).then(
      () => "",
      (error: unknown) => trial.database.describe(error),
    );
    const any = { ...trial, pair: { ...trial.pair, lossy: "1 = 1" } };
    return { key: (await tryRows(any, after, 1)).examples[0] ?? "", reason };
  }
  const half = Math.floor(rows / 2);
  const first = await tryRows(trial, after, half).catch((error: unknown) => {
    if (trial.database.classify(error) === "data") return null;
    throw error;
  });
  return first === null ? failing(trial, after, half) : failing(trial, first.last, rows - half);
}

/** Places in a table whose key is one integer, evenly between two keys: the last one is that of the newest rows. */
function placesBetween({ columns, types }: BackfillKey, from: Cursor, to: Cursor): bigint[] {
  const [a, b] = [from?.[0], to?.[0]];
  if (columns.length !== 1 || !/int/i.test(types[0] ?? "") || a === undefined || b === undefined) return [];
  const room = BigInt(b) - BigInt(NEXT) - BigInt(a);
  return Array.from({ length: PLACES }, (_, n) => BigInt(a) + (room * BigInt(n + 1)) / BigInt(PLACES));
}

type Found = Omit<SampledPair, "relation" | "columns">;

const NONE: Found = Object.freeze({ sampled: 0, lossy: 0, examples: [], failed: null, stopped: null });

async function added(trial: Trial, found: Found, after: Cursor, rows: number): Promise<[Found, Cursor]> {
  try {
    const { last, scanned, mismatches, examples } = await tryRows(trial, after, rows);
    const more = [...found.examples, ...examples].slice(0, 5);
    return [{ ...found, sampled: found.sampled + scanned, lossy: found.lossy + mismatches, examples: more }, last];
  } catch (error) {
    if (trial.database.classify(error) !== "data") throw error;
    return [{ ...found, failed: await failing(trial, after, rows) }, null];
  }
}

/** The first rows in key order, and some behind places in the rest. */
async function tried(trial: Trial): Promise<Found> {
  const { database, session, pair, key } = trial;
  let [found, at] = await added(trial, NONE, null, FIRST);
  if (found.sampled < FIRST) return found;
  const end = await database.lastKey(session, pair.relation, key);
  for (const place of placesBetween(key, at, end)) {
    if (found.failed !== null || at === null) return found;
    const from: bigint = place > BigInt(at[0] ?? 0) ? place : BigInt(at[0] ?? 0);
    [found, at] = await added(trial, found, [String(from)], NEXT);
  }
  return found;
}

async function samplePair(database: Database, session: Session, pair: RowPair): Promise<SampledPair> {
  const { relation, columns } = pair;
  try {
    const key = await database.keyOf(session, { relation, key: null });
    return { relation, columns, ...(await tried({ database, session, pair, key })) };
  } catch (error) {
    const stopped = isError(error, "no-key") ? "the table has no key to walk it by" : database.describe(error);
    return { relation, columns, ...NONE, stopped };
  }
}

/** A migration's report, and what can be tried of it on live rows. */
export interface Reported {
  readonly migration: PlannedMigration;
  readonly pairs: readonly RowPair[];
}

/**
 * Reports with what becomes of live rows, and what is made of it again: some 2,000 of them, spread over a table whose key
 * is an integer, else the first 1,000. It reads, for 5 s a statement at most, and changes nothing. What is refused is not
 * tried.
 *
 * @example
 * const migrations = await withSamples(database, session, [{ migration, pairs }]);
 */
export async function withSamples(
  database: Database,
  session: Session,
  planned: readonly Reported[],
): Promise<readonly PlannedMigration[]> {
  const all: PlannedMigration[] = [];
  for (const { migration, pairs } of planned) {
    const samples: SampledPair[] = [];
    for (const pair of migration.plan === null ? [] : pairs) samples.push(await samplePair(database, session, pair));
    all.push(samples.length === 0 ? migration : { ...migration, samples });
  }
  return all;
}

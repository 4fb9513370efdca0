import type { BackfillWork } from "../model/step.js";

/**
 * Rows of the first batch when nobody says otherwise: what a row costs is not known before some are written, and clients
 * wait for as long as a batch holds its rows. Batches grow fast from there.
 */
export const FIRST_BATCH = 10;
/** More rows in one transaction help no server and hold their locks for longer. */
export const LARGEST_BATCH = 100_000;

/** How large batches are. */
export interface BatchSizes {
  /** Of the first batch when nobody says otherwise. */
  readonly first: number;
  /** Below this fewer rows do not make a batch shorter. */
  readonly smallest: number;
  /** Below this only rows that take long make one smaller: else it is mostly round trips. */
  readonly easy: number;
  readonly largest: number;
}

const OF_SQL: BatchSizes = Object.freeze({ first: FIRST_BATCH, smallest: 1, easy: 50, largest: LARGEST_BATCH });

/** The rows of a batch are in memory where code computes their values. */
const LARGEST_IN_MEMORY = 5_000;

/** Of the first batch where code computes values: nothing is locked meanwhile, and a call may be for many rows. */
const FIRST_OF_CODE = 50;

/** Each row may take a call, so that batches begin small; calls beside each other take as long as one. */
export function sizesOf({ code }: Pick<BackfillWork, "code">): BatchSizes {
  if (code === undefined) return OF_SQL;
  const { concurrency } = code;
  const first = Math.max(FIRST_OF_CODE, concurrency);
  return { first, smallest: concurrency, easy: concurrency, largest: LARGEST_IN_MEMORY };
}

/** Batches grow by at most this much from one to the next. */
const GROWTH = 1.5;

/** Below so many rows they grow faster: the first ones are small because nothing is known, and not because it has to be so. */
const [FEW_ROWS, GROWTH_OF_FEW] = [1_000, 4];

/**
 * Behind a stop by the throttle they grow by less, for as many batches: what stopped the last ones is about to stop them
 * again, and the less there is on its way by then, the less it overshoots.
 */
const [WARY_GROWTH, WARY_BATCHES] = [1.1, 20];

/**
 * By how much batches may grow.
 *
 * @param rows of the last one
 * @param sinceStop batches behind the throttle's last stop; Infinity where there was none
 * @param given somebody has said how many rows the first one has
 */
export function growthOf(rows: number, sinceStop = Number.POSITIVE_INFINITY, given = false): number {
  if (sinceStop < WARY_BATCHES) return WARY_GROWTH;
  return rows < FEW_ROWS && !given ? Math.max(GROWTH, Math.min(GROWTH_OF_FEW, FEW_ROWS / rows)) : GROWTH;
}

/** The size behind a stop by the throttle: half of what it was. @example eased(20_000) // 10000 */
export const eased = (rows: number, { easy } = OF_SQL): number => Math.max(Math.min(rows, easy), Math.floor(rows / 2));

/** A batch of few rows may take so long whatever the aim is, milliseconds: nobody notices it. */
const WORTH_MS = 50;

/**
 * The next batch's size from what the last one took: towards the aim, growing by at most half or what is said, halving on overshoot,
 * a tenth beyond five times the aim.
 *
 * @param rows the last batch's size
 * @param ms what its rows took
 * @param targetMs what a batch should take
 * @param growth by how much it may be larger
 * @example nextSize(1000, 100, 250) // 1500
 * @example nextSize(1000, 1500, 250) // 100
 */
export function nextSize(
  rows: number,
  ms: number,
  targetMs: number,
  { smallest, easy, largest } = OF_SQL,
  growth = GROWTH,
): number {
  const isSmall = rows <= easy;
  const aim = isSmall ? Math.max(targetMs, WORTH_MS) : targetMs;
  const near = Math.min(growth, targetMs / Math.max(ms, 1));
  // What has once been slow must not stay at one row for an aim that no batch can reach.
  const back = Math.min(growth, aim / Math.max(ms, 1), easy / rows);
  const factor = ms > 5 * aim ? 0.1 : ms > aim * 1.25 ? 0.5 : isSmall ? Math.max(1, near, back) : near;
  const wanted = factor < 1 ? Math.floor(rows * factor) : Math.ceil(rows * factor);
  const least = ms < WORTH_MS ? easy : smallest;
  return Math.max(Math.min(rows, least), Math.min(largest, wanted));
}

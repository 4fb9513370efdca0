import { duration } from "../../files/duration.js";
import type { RelationName } from "../../model/name.js";
import type { PlannedMigration } from "../../model/plan-report.js";
import type { Step } from "../../model/step.js";
import { count } from "../format.js";

/** How long a step may take, and from what that is known. */
export interface Estimate {
  /** The server's estimate of the table's rows. */
  readonly rows: number;
  /** Assumed: nobody has measured this server. */
  readonly rowsPerSecond: number;
  readonly seconds: number;
}

/**
 * Rows a second that are assumed where the work grows with the table: half of what a virtual machine with two cores did
 * with short rows (README, "See it"), so that a plan promises rather too little.
 */
const RATES = Object.freeze({ backfill: 80_000, compare: 300_000, build: 300_000, rewrite: 150_000, scan: 1_000_000 });

function workOf(step: Step): keyof typeof RATES | null {
  if (step.backfill !== null) return "backfill";
  if (step.verify !== null) return "compare";
  if (step.rewrite || step.locks.some((l) => l.held === "rewrite")) return "rewrite";
  if (step.locks.some((l) => l.held === "build")) return "build";
  return step.scan || step.locks.some((l) => l.held === "scan") ? "scan" : null;
}

/** The tables that a step reads or writes as a whole. */
function tablesOf(step: Step): readonly RelationName[] {
  const work = step.backfill ?? step.verify;
  if (work !== null) return [work.relation];
  const long = step.locks.filter((l) => l.held !== "brief");
  return (long.length === 0 ? step.locks : long).map((l) => l.relation);
}

const same = (a: RelationName, b: RelationName): boolean => a.name === b.name && a.schema === b.schema;

/** Null for a step that does not grow with its table, and where a table's rows are not known. */
export function estimateOf(step: Step, planned: PlannedMigration): Estimate | null {
  const work = workOf(step);
  if (work === null) return null;
  const sizes = tablesOf(step).map((t) => planned.sizes?.find((s) => same(s.relation, t))?.rows ?? null);
  const known = sizes.filter((rows) => rows !== null);
  if (known.length === 0 || known.length < sizes.length) return null;
  const rows = Math.max(...known);
  const rowsPerSecond = RATES[work];
  return { rows, rowsPerSecond, seconds: rows / rowsPerSecond };
}

/** `about 13 s: 1,000,000 rows at an assumed 80,000 rows/s`. */
export const estimateText = ({ rows, rowsPerSecond, seconds }: Estimate): string =>
  `about ${roughly(seconds)}: ${count(rows)} rows at an assumed ${count(rowsPerSecond)} rows/s`;

/** Nobody knows it to the second. */
export function roughly(seconds: number): string {
  if (seconds <= 1) return "a second";
  return seconds <= 59 ? `${Math.ceil(seconds)} s` : duration(Math.ceil(seconds) * 1_000);
}

/** Of several steps: how long those take of which it is known; null where it is of none. */
export function totalOf(steps: readonly Step[], planned: PlannedMigration): string | null {
  const known = steps.flatMap((s) => estimateOf(s, planned)?.seconds ?? []);
  return known.length === 0 ? null : `about ${roughly(known.reduce((a, b) => a + b, 0))}`;
}

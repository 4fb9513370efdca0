import { etaSeconds } from "./progress.js";

/** Rows compared so far. */
export interface Comparing {
  readonly rowsDone: number;
  /** An estimate. */
  readonly rowsTotal: number;
  /** Rows a second. */
  readonly rate: number;
  readonly etaSeconds: number | null;
}

/** How often a comparison tells how far it is, milliseconds. */
const TELL_MS = 1_000;

/**
 * Tells how far a comparison is when it is time to. The table is estimated only for one that takes long enough to be
 * told of.
 *
 * @param estimate rows of the table
 * @returns to be called with the rows compared, after each chunk
 */
export function teller(
  tell: ((comparing: Comparing) => void) | undefined,
  estimate: () => Promise<number>,
): (rowsDone: number) => Promise<void> {
  const began = performance.now();
  let told = began;
  let total: number | null = null;
  return async (rowsDone) => {
    const now = performance.now();
    if (tell === undefined || now - told < TELL_MS) return;
    told = now;
    total ??= await estimate();
    const rowsTotal = Math.max(total, rowsDone);
    const rate = (rowsDone * 1_000) / (now - began);
    tell({ rowsDone, rowsTotal, rate: Math.round(rate), etaSeconds: etaSeconds({ rowsDone, rowsTotal, rate }) });
  };
}

import type { Session } from "../engines/engine.js";
import type { Journal } from "../journal/journal.js";
import type { RangeRecord } from "../journal/records.js";

/** How often a worker that waits renews its lease, milliseconds: a third of it. */
export const KEEP_MS = 6_000;

/** Renews the lease of a range while something takes long that does not itself write to the journal. */
export async function whileLeased<T>(
  { ranges }: Journal,
  session: Session,
  range: RangeRecord,
  body: () => Promise<T>,
): Promise<T> {
  // A session that is lost is noticed by what comes next on it.
  const timer = setInterval(() => void ranges.keep(session, range).catch(() => undefined), KEEP_MS);
  try {
    return await body();
  } finally {
    clearInterval(timer);
  }
}

import type { OldWriter, Session } from "../../engine.js";
import { quote } from "../names.js";
import { writersName } from "../triggers/writers.js";

/** Who has last written the old side alone; one that has not committed yet counts. */
export async function lastWriter(session: Session, writers: string): Promise<OldWriter | null> {
  await session.query("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
  const [last] = await session.query<{ ago: number; who: string }>(
    `SELECT UNIX_TIMESTAMP() - at AS ago, who FROM ${quote(writersName(writers))} ORDER BY at DESC LIMIT 1`,
  );
  return last === undefined ? null : { secondsAgo: Math.max(0, Number(last.ago)), who: last.who };
}

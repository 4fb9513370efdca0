import type { Batch, Session } from "../../engine.js";
import { updateOf } from "./batch.js";

/** A line of EXPLAIN. */
interface Line {
  readonly table: string | null;
  readonly type: string | null;
}

/** Reading the whole table, or the whole of an index. */
const WHOLE = /^(?:ALL|index)$/i;

/** How the server would carry out a batch, where that is by reading the whole table; null where it finds the rows by the key. */
export async function scanOf(session: Session, batch: Batch): Promise<string | null> {
  const { work } = batch;
  const of = work.statement?.alias ?? work.relation.name;
  const lines = await session.query<Line>(`EXPLAIN FORMAT=TRADITIONAL ${updateOf(batch, batch.upTo)}`);
  const whole = lines.find(({ table, type }) => table === of && WHOLE.test(type ?? ""));
  return whole === undefined ? null : `type ${whole.type}`;
}

import type { Batch, BatchResult, Session } from "../engines/engine.js";
import type { OfBackfill } from "../journal/ranges.js";
import { type BadRowEvent, isFull, noteBad } from "./bad-row.js";
import { Lost, targetOf } from "./batch.js";
import { type BackfillContext, isSame } from "./context.js";
import { isOfRows } from "./failed.js";
import { type Search, searchAmong } from "./search.js";
import type { BatchWriter } from "./writer.js";

/** In more rows a bad one is looked for by smaller batches first: what the good ones among them cost is paid again for each try. */
export const PICKED_ROWS = 1_000;

/** What was written is committed behind so long at most, milliseconds: its rows are locked as long. */
const PICK_MS = 250;

/** Writes batches of which rows are refused: it passes over these, and takes all others, in one transaction. */
export interface PickingWriter extends BatchWriter {
  /** What it has passed over in the last batch, to be told when that is committed. */
  passedOver(): readonly BadRowEvent[];
}

/** What a batch is picked with. */
interface Desk {
  readonly context: BackfillContext;
  readonly of: OfBackfill;
  readonly writer: BatchWriter;
  readonly found: BadRowEvent[];
}

/** Writes a part, or nothing of it. */
async function tried(
  { context: { database }, writer }: Desk,
  session: Session,
  part: Batch,
): Promise<BatchResult | { readonly error: unknown }> {
  const write = await writer.prepare(session, part);
  await session.query("SAVEPOINT zmigrate_part");
  try {
    const result = await write(session);
    await session.query("RELEASE SAVEPOINT zmigrate_part");
    return result;
  } catch (error) {
    if (!isOfRows(database, error)) throw error;
    await session.query("ROLLBACK TO SAVEPOINT zmigrate_part");
    await session.query("RELEASE SAVEPOINT zmigrate_part");
    return { error };
  }
}

/**
 * Tries the next row by itself, and passes over it where it is refused.
 *
 * @returns null where no more rows may be bad, and others stand before it: these are to be committed first
 * @throws Lost where it is another row by then
 * @throws ZmigrateError backfill-failed, with the row's key
 */
async function one(desk: Desk, session: Session, part: Batch, isFirst: boolean): Promise<BatchResult | null> {
  const { context, of, found } = desk;
  const { work, key } = part;
  const first = () => context.database.rangeEnd(session, part);
  const row = await first();
  const result = await tried(desk, session, part);
  if (!("error" in result)) return result;
  if (!isSame(await first(), row)) throw new Lost();
  if (!isFirst && (await isFull(context, session, of))) return null;
  found.push(await noteBad(context, session, { work, key, of, row, error: result.error }));
  return { last: row, scanned: 1, changed: 0 };
}

/** The next rows in a part of which none is refused, or a bad one by itself; null where no more may be bad. */
async function nextPart(desk: Desk, session: Session, rest: Batch, search: Search, isFirst: boolean) {
  for (;;) {
    const rows = Math.min(search.rows(), rest.rows);
    const part = { ...rest, rows };
    const known = desk.found.length;
    const result = rows === 1 ? await one(desk, session, part, isFirst) : await tried(desk, session, part);
    if (result === null) return null;
    if ("error" in result) search.refused(rows);
    else {
      if (desk.found.length > known) search.passed();
      else search.taken(result.scanned);
      return result;
    }
  }
}

async function pick(desk: Desk, session: Session, whole: Batch): Promise<BatchResult> {
  const until = performance.now() + Math.min(PICK_MS, targetOf(desk.context, whole.work));
  const search = searchAmong(whole.rows);
  let { after } = whole;
  let [scanned, changed] = [0, 0];
  do {
    const rest = { ...whole, after, rows: whole.rows - scanned };
    const part = await nextPart(desk, session, rest, search, after === whole.after);
    if (part === null) break;
    scanned += part.scanned;
    changed += part.changed;
    if (part.last === null) return { last: null, scanned, changed };
    after = part.last;
  } while (scanned < whole.rows && !isSame(after, whole.upTo) && performance.now() < until);
  return { last: after, scanned, changed };
}

/**
 * For batches of SQL that were refused for one of their rows. All is done in the batch's own transaction, in parts with a savepoint
 * each: a batch by itself for each of them takes many times as long where many rows are bad.
 */
export function pickingWriter(context: BackfillContext, of: OfBackfill, writer: BatchWriter): PickingWriter {
  const found: BadRowEvent[] = [];
  return {
    ...writer,
    async prepare(_, batch) {
      found.length = 0;
      return (session) => pick({ context, of, writer, found }, session, batch);
    },
    passedOver: () => found,
  };
}

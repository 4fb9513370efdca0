import type { Batch, BatchResult, Database, RowColumn, RowTexts, RowWrite, Session } from "../../engines/engine.js";
import { ZmigrateError } from "../../errors.js";
import type { OfBackfill } from "../../journal/ranges.js";
import type { BackfillCode } from "../../model/backfill-code.js";
import type { Emit } from "../../model/event.js";
import type { Throttle } from "../../throttle/throttle.js";
import { toldWhile } from "../slow.js";
import type { BatchWriter, WriteBatch } from "../writer.js";
import { BadAnswer, type CodeRow, type CodeUpdate, compute, keyText } from "./call.js";
import { callTime } from "./call-time.js";
import { readHandle } from "./handle.js";
import { readValue } from "./values.js";
import { whileWanted } from "./wanted.js";

/** The rows of a batch are in memory: there are fewer of them where their values are longer than this. */
const MOST_BYTES = 16 * 2 ** 20;

/** The first row of a batch was changed while its values were computed: they are of no use. */
export class ChangedMeanwhile extends Error {
  override readonly name = "ChangedMeanwhile";
  constructor(key: readonly string[]) {
    super(`the row ${key.join(", ")} was changed while \`map\` was computing its values`);
  }
}

/** What was computed of a row as it was read. */
interface Computed {
  readonly row: RowTexts;
  readonly update: CodeUpdate;
}

/** Rows as they were read, and which they are. */
interface Read {
  readonly part: Batch;
  readonly rows: readonly RowTexts[];
}

const hasValuesOf = (now: RowTexts, read: RowTexts | undefined): boolean =>
  read !== undefined && now.values.every((value, n) => value === read.values[n]);

const isAsRead = (now: RowTexts, computed: Computed | undefined): computed is Computed =>
  hasValuesOf(now, computed?.row);

/** What a worker of a backfill in TypeScript works with. */
interface Desk {
  readonly database: Database;
  readonly code: BackfillCode;
  readonly signal: AbortSignal;
  readonly throttle: Throttle;
  readonly of: OfBackfill;
  readonly emit: Emit;
}

const badAnswer = ({ of: { migrationId: migration, stepId: step } }: Desk, cause: BadAnswer): ZmigrateError =>
  new ZmigrateError("backfill-failed", { migration, step, reason: cause.message }, { cause });

/**
 * What is read and what is written: both must be as they were read when a row is written, so that no newer value is
 * overwritten.
 */
const namesOf = ({ select, update }: BackfillCode): string[] => [...new Set([...select, ...update])];

/**
 * Rows in, updates out: the rows of a batch are read and passed to the code while nothing is locked. In the transaction
 * that writes them they are locked, read again and compared. Before the first that has changed meanwhile the batch ends,
 * and what was computed for those behind it is kept for the next one, as long as they are as they were read.
 */
export function codeWriter(desk: Desk): BatchWriter {
  const { database, code } = desk;
  const handle = readHandle(database);
  let columns: readonly RowColumn[] | null = null;
  let known = new Map<string, Computed>();
  let read: Read | null = null;
  const calls = callTime();
  let called = { rows: 0, ms: 0 };

  async function columnsOn(session: Session, { work }: Batch): Promise<readonly RowColumn[]> {
    columns ??= await database.rowColumns(session, work.relation, namesOf(code));
    return columns;
  }

  const asCode = (row: RowTexts, of: readonly RowColumn[]): CodeRow => ({
    key: row.key,
    values: Object.fromEntries(
      of.flatMap(({ name, form }, n) =>
        code.select.includes(name) ? [[name, readValue(form, row.values[n] ?? null)]] : [],
      ),
    ),
  });

  /** Computes what is not known of rows, or of other values of theirs, and forgets all others. */
  async function computeFor(rows: readonly RowTexts[], of: readonly RowColumn[]): Promise<void> {
    const byKey = new Map(rows.map((row) => [keyText(row.key), row]));
    known = new Map(
      [...known].filter(([key, computed]) => {
        const now = byKey.get(key);
        return now !== undefined && isAsRead(now, computed);
      }),
    );
    const fresh = rows.filter((row) => !known.has(keyText(row.key))).map((row) => asCode(row, of));
    const keep = (computed: ReadonlyMap<string, CodeUpdate>) => {
      for (const [key, update] of computed) {
        const row = byKey.get(key);
        if (row !== undefined) known.set(key, { row, update });
      }
    };
    const { migrationId: migration, stepId: step } = desk.of;
    const slow = (forMs: number) =>
      desk.emit({ event: "waiting-for-code", migration, step, rows: fresh.length, forMs });
    const computing = (signal: AbortSignal) =>
      toldWhile(slow, () => compute(code, fresh, of, { db: handle.db, signal }, keep));
    const began = performance.now();
    await whileWanted(desk, computing).catch((error: unknown) => {
      throw error instanceof BadAnswer ? badAnswer(desk, error) : error;
    });
    called = { rows: fresh.length, ms: performance.now() - began };
  }

  /** Locks the rows, and writes those that stand in front of the first that has changed. */
  async function write(
    session: Session,
    batch: Batch,
    scanned: number,
    of: readonly RowColumn[],
  ): Promise<BatchResult> {
    const now = await database.readRows(session, batch, of, true);
    const changed = now.findIndex((row) => !isAsRead(row, known.get(keyText(row.key))));
    const still = changed === -1 ? now : now.slice(0, changed);
    const last = still.at(-1);
    if (changed !== -1 && last === undefined) throw new ChangedMeanwhile(now[0]?.key ?? []);
    const writes = still.flatMap(({ key }): RowWrite[] => {
      const set = known.get(keyText(key))?.update ?? null;
      return set === null ? [] : [{ key, set }];
    });
    const written = writes.length === 0 ? 0 : await database.writeRows(session, batch, of, writes);
    if (changed === -1 || last === undefined) return { last: batch.upTo, scanned, changed: written };
    const cut = await database.batchEnd(session, { ...batch, upTo: last.key });
    return { last: last.key, scanned: cut.scanned, changed: written };
  }

  return {
    async prepare(session, batch): Promise<WriteBatch> {
      read = null;
      called = { rows: 0, ms: 0 };
      const of = await columnsOn(session, batch);
      const { last, scanned } = await database.batchEnd(session, batch);
      if (last === null) return async () => ({ last, scanned, changed: 0 });
      const whole = { ...batch, upTo: last };
      const end = await database.bytesEnd(session, whole, of, MOST_BYTES);
      const part = end === null ? whole : { ...batch, upTo: end };
      const size = end === null ? scanned : (await database.batchEnd(session, part)).scanned;
      const rows = await database.readRows(session, part, of, false);
      read = { part, rows };
      await computeFor(rows, of);
      return (transaction) => write(transaction, part, size, of);
    },
    async lockAsRead(session): Promise<void> {
      if (read === null) return;
      const { part, rows } = read;
      const now = await database.readRows(session, part, await columnsOn(session, part), true);
      const before = new Map(rows.map((row) => [keyText(row.key), row]));
      const isSame = now.length === rows.length && now.every((row) => hasValuesOf(row, before.get(keyText(row.key))));
      if (!isSame) throw new ChangedMeanwhile(rows[0]?.key ?? []);
    },
    computed: (targetMs) => ({ ms: called.ms, ownMs: calls.of(called.rows, called.ms, targetMs) }),
    close: handle.close,
  };
}

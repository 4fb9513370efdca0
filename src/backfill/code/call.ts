import type { RowColumn } from "../../engines/engine.js";
import type { BackfillCode, BackfillRow, MapContext, RowKey, RowValue } from "../../model/backfill-code.js";
import { stopIfAsked } from "../interrupted.js";
import { BadValue, textOf } from "./values.js";

/** A row as code gets it. */
export type CodeRow = BackfillRow<Readonly<Record<string, RowValue>>>;

/** What is written of a row, as texts by column; null where it is left as it is. */
export type CodeUpdate = ReadonlyMap<string, string | null> | null;

/** The code threw: of one row this is a bad row, of several some of them are. */
export class MapFailed extends Error {
  override readonly name = "MapFailed";
  constructor(cause: unknown) {
    super(`\`map\` threw: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`, { cause });
  }
}

/** The code returned what means nothing: it must be corrected, whatever the row is. */
export class BadAnswer extends Error {
  override readonly name = "BadAnswer";
}

/** A key for comparing. */
export const keyText = (key: RowKey): string => JSON.stringify(key);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function setOf(set: unknown, columns: ReadonlyMap<string, RowColumn>, of: string): ReadonlyMap<string, string | null> {
  if (!isRecord(set) || Object.keys(set).length === 0)
    throw new BadAnswer(`\`map\` returned an update of the row ${of} without \`set\`: leave the row out to let it be`);
  return new Map(
    Object.entries(set).map(([name, value]) => {
      const column = columns.get(name);
      if (column === undefined)
        throw new BadAnswer(`\`map\` sets ${name} of the row ${of}, which is not one of the columns of \`update\``);
      try {
        return [name, textOf(column.form, value)];
      } catch (error) {
        if (!(error instanceof BadValue)) throw error;
        throw new BadAnswer(`what \`map\` sets ${name} of the row ${of} to cannot be written: ${error.message}`);
      }
    }),
  );
}

/** What an answer says of each of its rows, by key. @throws BadAnswer */
function readAnswer(
  answer: unknown,
  rows: readonly CodeRow[],
  columns: ReadonlyMap<string, RowColumn>,
): Map<string, CodeUpdate> {
  if (!Array.isArray(answer)) throw new BadAnswer("`map` must return an array of updates");
  const read = new Map<string, CodeUpdate>(rows.map(({ key }) => [keyText(key), null]));
  for (const [n, update] of (answer as readonly unknown[]).entries()) {
    if (update === undefined || update === null)
      throw new BadAnswer(
        `\`map\` returned ${update === null ? "null" : "undefined"} in the place of an update (element ${n} of its array): does the function that makes the updates \`return\` them? To let a row be, leave it out: \`return updates.filter((update) => update !== ${update === null ? "null" : "undefined"})\``,
      );
    const key = isRecord(update) ? keyText(update.key as RowKey) : undefined;
    const known = key === undefined ? undefined : read.get(key);
    if (!isRecord(update) || key === undefined || known === undefined)
      throw new BadAnswer(
        `\`map\` returned an update for ${key ?? String(update)}, which is the key of none of its rows`,
      );
    if (known !== null) throw new BadAnswer(`\`map\` returned two updates for the row ${key}`);
    read.set(key, setOf(update.set, columns, key));
  }
  return read;
}

/** Ends with an error as soon as the run is asked to stop, whatever the code does with its signal. */
async function unlessStopped<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      try {
        stopIfAsked(signal);
      } catch (error) {
        reject(error);
      }
    };
    signal.addEventListener("abort", stop);
    stop();
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function called(code: BackfillCode, rows: readonly CodeRow[], context: MapContext<unknown>): Promise<unknown> {
  try {
    return await code.map(rows, context);
  } catch (error) {
    throw new MapFailed(error);
  }
}

/** Rows in so many parts of about the same size, in order. */
function partsOf<T>(rows: readonly T[], parts: number): readonly (readonly T[])[] {
  const size = Math.ceil(rows.length / Math.min(parts, rows.length));
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, n) => rows.slice(n * size, (n + 1) * size));
}

/**
 * Has the code compute what is written of rows; each call that succeeds is kept, also where another one fails.
 *
 * @param keep gets what was computed, by key
 * @throws MapFailed, BadAnswer
 * @throws Interrupted when the run is asked to stop
 */
export async function compute(
  code: BackfillCode,
  rows: readonly CodeRow[],
  columns: readonly RowColumn[],
  context: MapContext<unknown>,
  keep: (computed: ReadonlyMap<string, CodeUpdate>) => void,
): Promise<void> {
  if (rows.length === 0) return;
  const writable = new Map(columns.filter(({ name }) => code.update.includes(name)).map((c) => [c.name, c]));
  const calls = partsOf(rows, code.concurrency).map(async (part) =>
    keep(readAnswer(await called(code, part, context), part, writable)),
  );
  const outcomes = await unlessStopped(context.signal, Promise.allSettled(calls));
  const failed = outcomes.find((o) => o.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

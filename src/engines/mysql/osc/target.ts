import type { Session, Timeouts } from "../../engine.js";
import { generatedName, quote, shortHash } from "../names.js";
import { countRows } from "./missing-rows.js";
import { type Picture, shapeIn } from "./picture.js";

/** What a rebuild must come to. The journal keeps it as a text, so that a run after a killed one knows it. */
export interface Target extends Picture {
  /** When the table was made, where it is rebuilt as it is: nothing else would tell one from the other. Null for others. */
  readonly made: string | null;
  /** There were rows. */
  readonly filled: boolean;
  /** How many there were when the program was started; absent in what an earlier version kept. */
  readonly rows?: number;
}

/** Runs statements under timeouts. */
type Runner = (session: Session, statements: readonly string[], timeouts: Timeouts) => Promise<void>;

/** When the server made a table, to the second; "" where it does not tell. */
export async function madeAt(session: Session, table: string): Promise<string> {
  const [row] = await session.query<{ made: string | null }>(
    "SELECT CAST(CREATE_TIME AS CHAR) AS made FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?",
    [table],
  );
  return row?.made ?? "";
}

export async function isFilled(session: Session, table: string): Promise<boolean> {
  return (await session.query(`SELECT 1 FROM ${quote(table)} LIMIT 1`)).length > 0;
}

/** An empty table like this one is changed by the server itself: what it is then is what is asked for. */
async function changedShape(session: Session, table: string, change: string, lockMs: number, run: Runner) {
  const sample = quote(generatedName("zmigrate_rebuild", table, shortHash(table)));
  const timeouts = { lockMs, statementMs: 0 };
  const drop = () => run(session, [`DROP TABLE IF EXISTS ${sample}`], timeouts);
  await drop();
  try {
    await run(session, [`CREATE TABLE ${sample} LIKE ${quote(table)}`, `ALTER TABLE ${sample} ${change}`], timeouts);
    return await shapeIn(session, generatedName("zmigrate_rebuild", table, shortHash(table)));
  } finally {
    await drop();
  }
}

/**
 * @param now what the table is
 * @throws the server's error where it refuses the change
 */
export async function targetOf(
  session: Session,
  now: Picture,
  asked: { readonly table: string; readonly change: string; readonly lockMs: number },
  run: Runner,
): Promise<Target> {
  const { table, change, lockMs } = asked;
  const shape = await changedShape(session, table, change, lockMs, run);
  const same = shape.join("\n") === now.shape.join("\n");
  const rows = await countRows(session, table);
  return { ...now, shape, made: same ? await madeAt(session, table) : null, filled: rows > 0, rows };
}

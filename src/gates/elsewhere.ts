import type { Elsewhere } from "../config/environments.js";
import { redact, secretsOf } from "../config/redact.js";
import type { Database, Engine, Session } from "../engines/engine.js";
import { type Journal, journalOf } from "../journal/journal.js";

/** A server that does not answer is told after this long, milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Databases that are asked at once. */
const AT_ONCE = 8;

/** What the journal of another database says; null where it does not answer, and why. */
export interface Answer<T> {
  readonly name: string;
  readonly value: T | null;
  /** Empty where it answers. No password is in it. */
  readonly problem: string;
}

type Ask<T> = (journal: Journal, session: Session, database: Database) => Promise<T>;

async function answerOf<T>({ name, databaseUrl, problem }: Elsewhere, engine: Engine, ask: Ask<T>): Promise<Answer<T>> {
  if (databaseUrl === null) return { name, value: null, problem };
  try {
    return { name, value: await told(databaseUrl, engine, ask), problem: "" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, value: null, problem: redact(message, secretsOf([databaseUrl])) };
  }
}

async function told<T>(url: string, engine: Engine, ask: Ask<T>): Promise<T> {
  const database = await engine.connect(url, {
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    applicationName: "zmigrate gate",
  });
  try {
    const session = await database.open();
    try {
      return await ask(journalOf(database), session, database);
    } finally {
      await session.close();
    }
  } finally {
    await database.close();
  }
}

/** Asks the journals of all of these, some at once; in their order. */
export async function askAll<T>(all: readonly Elsewhere[], engine: Engine, ask: Ask<T>): Promise<readonly Answer<T>[]> {
  const found: Answer<T>[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    found.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map((one) => answerOf(one, engine, ask)))));
  return found;
}

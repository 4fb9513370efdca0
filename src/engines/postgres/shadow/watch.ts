import { codeOf } from "../../error-code.js";
import type { Sight } from "../../shadow.js";
import { blocksOf } from "../effects/locks.js";
import type { Observer } from "../trace/observe.js";

/** What refuses to run in a transaction: CONCURRENTLY, VACUUM, a value that was added to an enum by the same one. */
const REFUSES_TRANSACTION: ReadonlySet<unknown> = new Set(["25001", "55P04"]);

/** Tables, partitioned ones, views and materialized ones. */
const RELATIONS: ReadonlySet<string> = new Set(["r", "p", "v", "m"]);

const UNSEEN = { locks: [], rewrites: [] } as const;

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

/** Runs statements one by one, and looks at nothing. */
export async function alone(observer: Observer, statements: readonly string[]): Promise<Sight> {
  observer.forget();
  try {
    for (const sql of statements) await observer.db.exec(sql);
    return { ...UNSEEN, failed: null, watched: false };
  } catch (error) {
    return { ...UNSEEN, failed: wordsOf(error), watched: false };
  }
}

/** Runs statements in one transaction that is committed, and reads what they locked before it ends; else one by one. */
export async function watch(observer: Observer, statements: readonly string[]): Promise<Sight> {
  if (statements.length === 0) return { ...UNSEEN, failed: null, watched: true };
  try {
    const { locks, rewrites } = await observer.transacted(statements.join(";\n"));
    const onTables = locks
      .filter(({ kind }) => RELATIONS.has(kind))
      .map(({ schema, name, mode }) => ({ relation: { schema, name }, mode, blocks: blocksOf(mode) }));
    const tables = rewrites
      .filter(({ kind }) => RELATIONS.has(kind))
      .map(({ schema, relname }) => ({ schema, name: relname }));
    return { locks: onTables, rewrites: tables, failed: null, watched: true };
  } catch (error) {
    if (REFUSES_TRANSACTION.has(codeOf(error))) return alone(observer, statements);
    return { ...UNSEEN, failed: wordsOf(error), watched: true };
  }
}

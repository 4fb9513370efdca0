import type { Lock } from "../../../model/effect.js";
import type { ServerInfo, Session } from "../../engine.js";
import { numberOf } from "./errors.js";

/** The statement lets others write meanwhile: what they have written is played after the rebuild, step by step. */
const BESIDE_WRITERS = /\bLOCK\s*=\s*NONE\b/i;

/** It makes a key, under the name of one that it drops perhaps: its duplicates are there. */
const MAKES_KEY = /\b(?:UNIQUE|PRIMARY)\b/i;

/** MySQL names the table, too: `for key 't.ue'`. */
const KEY = /for key '(?:[^']*\.)?([^'.]+)'$/;

const UNIQUE = `SELECT 1 AS found FROM information_schema.STATISTICS
  WHERE (TABLE_SCHEMA, TABLE_NAME) IN (?) AND INDEX_NAME = ? AND NON_UNIQUE = 0 LIMIT 1`;

/**
 * Why an online rebuild has met a duplicate (1062) though none is there: its key was unique before, and is now. A statement that
 * finds its row there (`INSERT ... ON DUPLICATE KEY UPDATE`, or one that fails with 1062) has written it for a moment, and the
 * rebuild plays that moment as well (MySQL manual, "Online DDL Failure Conditions").
 *
 * @param locks of the step: its tables
 * @returns null where the statement makes the key itself, or the error is another one
 */
export async function momentary(
  observer: Session,
  server: ServerInfo,
  error: unknown,
  statement: string,
  locks: readonly Lock[],
): Promise<string | null> {
  const key = error instanceof Error && numberOf(error) === 1062 ? KEY.exec(error.message)?.[1] : undefined;
  if (key === undefined || locks.length === 0) return null;
  if (!BESIDE_WRITERS.test(statement) || MAKES_KEY.test(statement)) return null;
  const tables = locks.map(({ relation }) => [relation.schema ?? server.database, relation.name]);
  const rows = await observer.query(UNIQUE, [tables, key]);
  if (rows.length === 0) return null;
  return `no two rows are equal in ${key}, but the server's rebuild beside writers fails at what an INSERT ... ON DUPLICATE KEY UPDATE, or an INSERT that is refused as a duplicate, has tried for a moment (1062)`;
}

/** The same rebuild while writers wait. @example alone("ALTER TABLE `t` FORCE, ALGORITHM=INPLACE, LOCK=NONE") // "... LOCK=SHARED" */
export const alone = (statement: string): string => statement.replace(BESIDE_WRITERS, "LOCK=SHARED");

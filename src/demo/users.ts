import type { Queryable } from "./database.js";

/** Rows that a statement moves or compares at a time: a chunk is about a second of work at most. */
const CHUNK = 200_000;

/** The address that a generated user has until a client changes it. */
export const generatedEmail = (id: number): string => `user${id}@example.com`;

/** `generatedEmail` in SQL. */
const formula = (id: string): string => `'user' || ${id} || '@example.com'`;

/**
 * Fills the table `users` with the ids 1 to `rows`; ids that the table gives out itself begin behind them.
 *
 * @param rows from 1
 */
export async function loadUsers(db: Queryable, rows: number): Promise<void> {
  for (let first = 1; first <= rows; first += CHUNK) {
    await db.query(
      `INSERT INTO users (id, name, user_email)
       SELECT n, 'user ' || n, ${formula("n")} FROM generate_series($1::bigint, $2::bigint) n`,
      [first, Math.min(rows, first + CHUNK - 1)],
    );
  }
  await db.query(`ALTER TABLE users ALTER COLUMN id RESTART WITH ${rows + 1}`);
  await db.query("VACUUM (ANALYZE) users");
}

/** Rows whose two columns differ, in one snapshot. Only between expand and swap, where both are there. */
export async function countDifferingSides(db: Queryable): Promise<number> {
  const { rows } = await db.query("SELECT count(*) AS n FROM users WHERE user_email IS DISTINCT FROM email_address");
  return Number(rows[0]?.n);
}

/** What clients know that they wrote: addresses by id. */
export type Written = ReadonlyMap<number, string>;

/** What the comparison of all rows found. */
export interface UsersCheck {
  readonly rows: number;
  /** Rows with another address than expected, missing rows, and rows that nobody wrote. */
  readonly mismatches: number;
}

/**
 * Compares every row, by its new column, with what a client wrote last or, where none wrote, with the generator's
 * formula. The rows stay in the server. Clients must have stopped.
 *
 * @param generated how many rows `loadUsers` made
 */
export async function checkUsers(db: Queryable, generated: number, written: Written): Promise<UsersCheck> {
  await handOver(db, written);
  let [rows, mismatches] = [0, 0];
  const { rows: ends } = await db.query("SELECT greatest(max(id), $1) AS last FROM users", [generated]);
  const last = Math.max(Number(ends[0]?.last), ...written.keys());
  for (let first = 1; first <= last; first += CHUNK) {
    const found = await compareChunk(db, generated, first, Math.min(last, first + CHUNK - 1));
    rows += found.rows;
    mismatches += found.mismatches;
  }
  return Object.freeze({ rows, mismatches });
}

async function handOver(db: Queryable, written: Written): Promise<void> {
  await db.query("CREATE TEMP TABLE written (id bigint PRIMARY KEY, email text NOT NULL)");
  await db.query("INSERT INTO written SELECT * FROM unnest($1::bigint[], $2::text[])", [
    [...written.keys()],
    [...written.values()],
  ]);
  await db.query("ANALYZE written");
}

/** Row by row: an id that is expected and missing, and one that is there and not expected, differ too. */
async function compareChunk(db: Queryable, generated: number, first: number, last: number): Promise<UsersCheck> {
  const { rows } = await db.query(
    `WITH expected AS (
       SELECT n AS id, coalesce(w.email, CASE WHEN n <= $1 THEN ${formula("n")} END) AS email
       FROM generate_series($2::bigint, $3::bigint) n LEFT JOIN written w ON w.id = n),
     found AS (SELECT id, email_address AS email FROM users WHERE id BETWEEN $2 AND $3)
     SELECT count(f.id) AS rows, count(*) FILTER (WHERE f.email IS DISTINCT FROM e.email) AS mismatches
     FROM expected e FULL JOIN found f ON f.id = e.id`,
    [generated, first, last],
  );
  return { rows: Number(rows[0]?.rows), mismatches: Number(rows[0]?.mismatches) };
}

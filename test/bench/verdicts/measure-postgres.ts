import { Client } from "pg";
import type { Case, Danger } from "../../../bench/verdicts/case.js";
import { APP_ROLE, OLD_CODE } from "../../../bench/verdicts/cases/postgres/index.js";
import { parsePostgres } from "../../../src/engines/postgres/parse/index.js";
import { until } from "../../servers/index.js";
import { keptOut, type RelationLock, type Relations, relations, replaced, watch } from "./watch-postgres.js";

/** Milliseconds that somebody else's transaction stays open beside a case that says so. */
const BUSY_MS = 2_500;

/** Code's patience, in which a migration that gives up after a second has given up. */
const PATIENCE = "SET lock_timeout = '3s'";

const NO_TRANSACTION = "25001";
const LOCK_TIMEOUT = "55P03";

/** Makes a database like the one before each case, and gives its address. */
export type Fresh = () => Promise<string>;

/**
 * What a server shows of a case, in databases of its own, without repetition and in no order.
 *
 * @throws Error when the code that runs now does not work before the migration: the case would prove nothing
 */
export async function measure(given: Case, fresh: Fresh): Promise<readonly Danger[]> {
  const url = await fresh();
  const old = [...OLD_CODE, ...(given.old ?? [])];
  const before = await answers(url, old);
  const wrong = before.find(({ rows }) => rows === null);
  if (wrong !== undefined) throw new Error(`does not work before ${given.id}: ${wrong.sql}`);
  const seen = await beside(url, given.busy, () => migrate(url, given.sql));
  const after = seen.includes("fails") ? [] : await afterwards(url, given, before);
  const waits = given.queue === undefined ? [] : await queues(given, given.queue, fresh);
  return [...new Set([...seen, ...after, ...waits])];
}

async function afterwards(url: string, given: Case, before: readonly Answer[]): Promise<readonly Danger[]> {
  const done = await Promise.all((given.fresh ?? []).map((sql) => works(url, sql)));
  const now = await answers(
    url,
    before.map(({ sql }) => sql),
  );
  const broken = now.some(({ rows }, at) => rows === null || rows < (before[at]?.rows ?? 0));
  return [...(done.includes(false) ? ["not-done" as const] : []), ...(broken ? ["breaks" as const] : [])];
}

/** A statement of the application, and how many rows it found or wrote; null when it failed. */
interface Answer {
  readonly sql: string;
  readonly rows: number | null;
}

/** Asks as the application, each in a transaction that is rolled back. */
async function answers(url: string, statements: readonly string[]): Promise<readonly Answer[]> {
  return withClient(url, async (client) => {
    await client.query(`SET ROLE ${APP_ROLE}; ${PATIENCE}`);
    const all: Answer[] = [];
    for (const sql of statements) {
      await client.query("BEGIN");
      const rows = await client.query(sql).then(
        (result) => result.rowCount,
        () => null,
      );
      await client.query("ROLLBACK");
      all.push({ sql, rows });
    }
    return all;
  });
}

/** Runs a statement of the new code, which stays. */
const works = (url: string, sql: string): Promise<boolean> =>
  withClient(url, async (client) => {
    await client.query(`SET ROLE ${APP_ROLE}`);
    return succeeds(client.query(sql));
  });

/** Runs the file as psql does: each statement for itself unless the file begins a transaction. */
function migrate(url: string, sql: string): Promise<readonly Danger[]> {
  return withClient(url, async (client) => {
    const before = await relations(client);
    const seen: Danger[] = [];
    let open = false;
    try {
      for (const statement of statementsOf(sql)) {
        seen.push(...(await runOne(client, url, before, statement, open)));
        open = /^BEGIN/i.test(statement) || (open && !/^(COMMIT|ROLLBACK)/i.test(statement));
      }
    } catch {
      seen.push("fails");
    }
    return seen;
  });
}

function statementsOf(sql: string): readonly string[] {
  const { statements, problems } = parsePostgres(sql);
  if (problems.length > 0) throw new Error(`does not parse: ${sql}`);
  return statements.map((statement) => statement.sql);
}

async function runOne(
  client: Client,
  url: string,
  before: Relations,
  statement: string,
  open: boolean,
): Promise<readonly Danger[]> {
  const run = () => client.query(statement);
  if (/^(BEGIN|COMMIT|ROLLBACK|SET)\b/i.test(statement)) return run().then(() => []);
  if (open) return watch(client, before, run);
  await client.query("BEGIN");
  try {
    const seen = await watch(client, before, run);
    await client.query("COMMIT");
    return seen;
  } catch (error) {
    await client.query("ROLLBACK");
    if ((error as { code?: string }).code !== NO_TRANSACTION) throw error;
    return outside(client, url, before, run);
  }
}

/** A statement that takes no transaction around it: what it holds is seen while it waits for one that writes everywhere. */
async function outside(
  client: Client,
  url: string,
  before: Relations,
  run: () => Promise<unknown>,
): Promise<readonly Danger[]> {
  const files = await relations(client);
  const pid = await backend(client);
  const locks = await withClient(url, async (writer) => {
    const tables = [...before.values()].filter(({ kind }) => "rp".includes(kind)).map(({ name }) => name);
    await writer.query(`BEGIN; LOCK TABLE ${tables.join(", ")} IN ROW EXCLUSIVE MODE`);
    const running = run().then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const held = await Promise.race([running.then(() => []), locksOnceWaiting(writer, pid)]);
    await writer.query("COMMIT");
    const failed = await running;
    if (failed !== null) throw failed.error;
    return held;
  });
  return replaced(files, await relations(client)) ? keptOut(locks, before) : [];
}

async function backend(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return rows[0]?.pid ?? 0;
}

function locksOnceWaiting(client: Client, pid: number): Promise<RelationLock[]> {
  return until("it waits", 5_000, async () => {
    const { rows } = await client.query<RelationLock & { granted: boolean }>(
      "SELECT relation::text AS oid, mode, granted FROM pg_locks WHERE pid = $1",
      [pid],
    );
    return rows.some(({ granted }) => !granted) ? rows : null;
  }).catch(() => []);
}

/** Keeps a transaction open that has written to a table, while the migration runs. */
async function beside<T>(url: string, table: string | undefined, run: () => Promise<T>): Promise<T> {
  if (table === undefined) return run();
  return withClient(url, async (writer) => {
    await writer.query(`BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
    const ended = new Promise((resolve) => setTimeout(resolve, BUSY_MS)).then(() => writer.query("COMMIT"));
    const result = await run();
    await ended;
    return result;
  });
}

/** Whether code waits behind the migration for longer than it has patience, and not behind the gentler form. */
async function queues(
  { sql }: Case,
  { reader, victim, gentler }: NonNullable<Case["queue"]>,
  fresh: Fresh,
): Promise<readonly Danger[]> {
  const waited = await waitsBehind(await fresh(), sql, reader, victim);
  if (gentler === undefined || !waited) return waited ? ["queues"] : [];
  const waitedToo = await waitsBehind(await fresh(), gentler, reader, victim);
  return waitedToo ? [] : ["queues"];
}

function waitsBehind(url: string, sql: string, reader: string, victim: string): Promise<boolean> {
  return withClient(url, (open) =>
    withClient(url, (runner) =>
      withClient(url, async (other) => {
        await open.query("BEGIN");
        await open.query(reader);
        const pid = await backend(runner);
        const running = runAll(runner, sql);
        await locksOnceWaiting(other, pid);
        await other.query(PATIENCE);
        const waited = !(await succeeds(other.query(victim)));
        await open.query("COMMIT");
        await running;
        return waited;
      }),
    ),
  );
}

async function runAll(client: Client, sql: string): Promise<void> {
  for (const statement of statementsOf(sql)) {
    const code = await client.query(statement).then(
      () => null,
      (error: { code?: string }) => error.code,
    );
    if (code === LOCK_TIMEOUT) return;
    if (code !== null) throw new Error(`${statement}: ${code}`);
  }
}

const succeeds = (running: Promise<unknown>): Promise<boolean> =>
  running.then(
    () => true,
    () => false,
  );

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

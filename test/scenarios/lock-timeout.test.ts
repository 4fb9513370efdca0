import { expect, it } from "vitest";
import type { RunEvent } from "../../src/model/event.js";
import { describeServer, describeServers, query, until } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import type { CliRun } from "./support/cli.js";
import type { ClientReport, Query, RunningClient } from "./support/clients.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";
import { ID, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 500;
/** The shortest that MySQL and MariaDB know. */
const LOCK_TIMEOUT_MS = 1_000;
/** A loaded machine is late by this much. */
const SLACK_MS = 600;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The application never failed, and no statement of it waited for longer than the lock timeout. */
function expectUndisturbed({ failures, slowestMs }: ClientReport, timeoutMs = LOCK_TIMEOUT_MS): void {
  expect(failures).toEqual([]);
  expect(slowestMs).toBeLessThan(timeoutMs + SLACK_MS);
}

/** Two transactions that hold a table each, which a rollback takes at once: the one ends first, and the other holds it up. */
interface Held {
  readonly run: CliRun;
  readonly first: { query: Query };
  readonly second: { query: Query };
  readonly old: RunningClient;
}

/** Lets the one go, and the other once the rollback has been held up by it: nobody waited meanwhile. */
async function letGo({ run, first, second, old }: Held, timeoutMs: number): Promise<void> {
  await first.query("COMMIT");
  expect(await run.told((e) => e.event === "step-retried")).toBe(true);
  await second.query("COMMIT");
  await works(run.result);
  expectUndisturbed(await old.stop(), timeoutMs);
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { scene, session, client } = suite();

  it("tells who blocks it, queues nobody for longer than the lock timeout, and goes on when they commit", async () => {
    const { db, project: p } = await scene(server, ROWS, RENAME);
    const holder = await session(db.url);
    await holder.query("BEGIN");
    await holder.query("SELECT count(*) AS nightly_report FROM users");
    // MySQL and MariaDB tell a transaction's age in whole seconds.
    if (server.name !== "postgres") await pause(1_100);
    const written: Written = new Map();
    const old = await client(db.url, userClient("user_email", "old", ROWS, written));
    const run = p.start("apply", "--json", "--release", "r1", "--lock-timeout", `${LOCK_TIMEOUT_MS}ms`);
    const blocked: Extract<RunEvent, { event: "step-blocked" }>[] = [];
    expect(await run.told((e) => e.event === "step-blocked" && blocked.push(e) > 0)).toBe(true);
    expect(await run.told((e) => e.event === "step-retried" && e.attempt >= 3)).toBe(true);
    await holder.query("COMMIT");
    const { stderr } = await works(run.result);
    const report = await old.stop();

    const [blocker] = blocked[0]?.blockers ?? [];
    // MariaDB keeps no idle session's last statement while performance_schema is off, its default, and says so.
    expect(blocker?.query).toMatch(server.name === "mariadb" ? /nightly_report|performance_schema/ : /nightly_report/);
    expect(blocker?.user).not.toBe("");
    expect(blocker?.pid).toBeGreaterThan(0);
    expect(blocker?.ageMs).toBeGreaterThan(0);
    expectUndisturbed(report);
    expect(stderr).not.toContain("error");
    expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
  });

  it("stops at once when it is asked to while it waits for a lock, and has changed nothing", async () => {
    const { db, project: p } = await scene(server, ROWS, RENAME);
    const before = await schemaOf(db.url, "users");
    const holder = await session(db.url);
    await holder.query("BEGIN");
    await holder.query("SELECT count(*) FROM users");
    const run = p.start("apply", "--release", "r1", "--lock-timeout", "300ms");
    await run.printed("blocked by");
    run.kill("SIGTERM");
    const stopped = await run.result;
    expect(stopped, stopped.stderr).toMatchObject({ code: 130 });
    await holder.query("COMMIT");
    expect(await schemaOf(db.url, "users")).toEqual(before);
    await works(p.run("apply", "--release", "r1"));
  });
});

describeServer("postgres", (server) => {
  const { scene, session, client } = suite();

  it("does not even ask for a lock that a transaction holds which will not end in time: nobody waits behind it", async () => {
    const { db, project: p } = await scene(server, ROWS, RENAME);
    const holder = await session(db.url);
    await holder.query("BEGIN");
    await holder.query("SELECT count(*) AS nightly_report FROM users");
    const [timeoutMs, written]: [number, Written] = [200, new Map()];
    await pause(10 * timeoutMs);
    const old = await client(db.url, userClient("user_email", "old", ROWS, written));
    const run = p.start("apply", "--json", "--release", "r1", "--lock-timeout", `${timeoutMs}ms`);
    const told: RunEvent[] = [];
    expect(await run.told((e) => told.push(e) > 0 && e.event === "step-retried" && e.attempt >= 3)).toBe(true);
    expect(told.find((e) => e.event === "step-blocked")).toMatchObject({
      blockers: [{ query: expect.stringContaining("nightly_report") }],
    });
    const tries = told.flatMap((e) => (e.event === "step-retried" ? [e.why] : []));
    expect(tries[0]).toMatch(
      /not asked for its lock: all who come behind would wait for the transaction of pid \d+, open for \d+ s/,
    );
    const steps = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    expect(await query(db.url, steps)).toEqual([]);
    await holder.query("COMMIT");
    await works(run.result);
    expectUndisturbed(await old.stop(), timeoutMs);
    expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
  });

  it("queues nobody for longer than the lock timeout where one statement takes the locks of two tables", async () => {
    const { db, project: p } = await scene(server, ROWS, "ALTER TABLE users ADD COLUMN team int REFERENCES teams;\n");
    await query(db.url, "CREATE TABLE teams (id int PRIMARY KEY)");
    await works(p.run("apply", "--release", "r1"));
    const [reader, writer, observer] = [await session(db.url), await session(db.url), await session(db.url)];
    await reader.query("BEGIN; SELECT FROM users LIMIT 1");
    await writer.query("BEGIN; INSERT INTO teams VALUES (1)");
    const old = await client(db.url, userClient("user_email", "old", ROWS, new Map()));
    const run = p.start("rollback", ID, "--json", "--lock-timeout", `${LOCK_TIMEOUT_MS}ms`);
    await until("the rollback waits for users and has waited for most of its time", 20_000, async () => {
      const [waiting] = await observer.query(
        `SELECT FROM pg_locks WHERE relation = 'users'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted
           AND clock_timestamp() - waitstart > '${0.8 * LOCK_TIMEOUT_MS} ms'`,
      );
      return waiting === undefined ? null : true;
    });
    await letGo({ run, first: reader, second: writer, old }, LOCK_TIMEOUT_MS);
  });

  it("sends all that needs the lock of one table as one message, without COMMIT: nobody waits for the ways between", async () => {
    const { db, project: p } = await scene(server, ROWS, RENAME);
    const [holder, observer] = [await session(db.url), await session(db.url)];
    await holder.query("BEGIN; SELECT FROM users LIMIT 1");
    const run = p.start("apply", "--release", "r1", "--lock-timeout", "5s");
    const message = await until("the expand waits for users", 20_000, async () => {
      const waiting = await observer.query(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return (waiting[0]?.query as string | undefined) ?? null;
    });
    expect(message).toMatch(/^ALTER TABLE .* ADD COLUMN[\s\S]*COMMENT ON COLUMN[^;]*$/);
    await holder.query("COMMIT");
    await works(run.result);
  });

  it("says which statement of such a message the server refuses, and leaves nothing of it", async () => {
    const { db, project: p } = await scene(server, ROWS, RENAME);
    await query(
      db.url,
      `CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no triggers here'; END $$;
       CREATE EVENT TRIGGER no_triggers ON ddl_command_start WHEN TAG IN ('CREATE TRIGGER') EXECUTE FUNCTION refuse()`,
    );
    const { code, stderr } = await p.run("apply", "--release", "r1");
    expect(code, stderr).toBe(3);
    expect(stderr).toMatch(/no triggers here[\s\S]*CREATE TRIGGER/);
    expect(stderr).not.toContain("CREATE FUNCTION");
    const left =
      "SELECT proname FROM pg_proc WHERE pronamespace = 'zmigrate'::regnamespace AND prorettype = 'trigger'::regtype";
    expect(await query(db.url, left)).toEqual([]);
    await query(db.url, "DROP EVENT TRIGGER no_triggers; DROP FUNCTION refuse()");
    await works(p.run("apply", "--release", "r1"));
  });

  const VALID = "SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'users_by_name'::regclass";

  /** A project that builds an index, and a transaction that the build waits for. */
  async function behindWriter() {
    const { db, project: p } = await scene(server, ROWS, "CREATE INDEX users_by_name ON users (name);\n");
    const holder = await session(db.url);
    await holder.query("BEGIN");
    await holder.query("UPDATE users SET name = name WHERE id = 2");
    return { db, p, holder };
  }

  it("lets an index build wait for a transaction that is older than the lock timeout, without starting over", async () => {
    const { db, p, holder } = await behindWriter();
    const old = await client(db.url, userClient("user_email", "old", ROWS, new Map()));
    const run = p.start("apply", "--json", "--release", "r1", "--lock-timeout", `${LOCK_TIMEOUT_MS}ms`);
    expect(await run.told((e) => e.event === "step-blocked")).toBe(true);
    await pause(2 * LOCK_TIMEOUT_MS);
    await holder.query("COMMIT");
    const { stdout } = await works(run.result);
    const report = await old.stop();
    expect(stdout).not.toContain("step-retried");
    expectUndisturbed(report);
    expect(await query(db.url, VALID)).toEqual([{ valid: true }]);
  });

  it("cancels an index build when it is asked to stop, and builds it anew at the next run", async () => {
    const { db, p, holder } = await behindWriter();
    const run = p.start("apply", "--json", "--release", "r1");
    expect(await run.told((e) => e.event === "step-blocked")).toBe(true);
    run.kill("SIGTERM");
    expect(await run.result).toMatchObject({ code: 130 });
    const builds = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX%'";
    await until("the server ends the build", 10_000, async () =>
      (await query(db.url, builds)).length === 0 ? true : null,
    );
    await holder.query("COMMIT");
    await works(p.run("apply", "--release", "r1"));
    expect(await query(db.url, VALID)).toEqual([{ valid: true }]);
  });
});

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["mariadb"], (server) => {
  const { scene, session, client } = suite();

  it("queues nobody for longer than the lock timeout where LOCK TABLES takes the locks of two tables", async () => {
    const { db, project: p } = await scene(server, ROWS, "ALTER TABLE users RENAME COLUMN name TO label;\n");
    await query(db.url, "CREATE TABLE teams (id int PRIMARY KEY)");
    await query(db.url, "ALTER TABLE users ADD COLUMN team int, ADD FOREIGN KEY (team) REFERENCES teams (id)");
    await works(p.run("apply", "--release", "r1"));
    const [reader, writer, observer] = [await session(db.url), await session(db.url), await session(db.url)];
    await reader.query("BEGIN");
    await reader.query("SELECT id FROM users LIMIT 1");
    await writer.query("BEGIN");
    await writer.query("INSERT INTO teams VALUES (1)");
    const old = await client(db.url, userClient("user_email", "old", ROWS, new Map()));
    const run = p.start("rollback", ID, "--json", "--lock-timeout", `${2 * LOCK_TIMEOUT_MS}ms`);
    await until("the rollback waits for users", 20_000, async () => {
      const [waiting] = await observer.query(
        "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'LOCK TABLES %' AND STATE LIKE 'Waiting for table%'",
      );
      return waiting === undefined ? null : true;
    });
    await pause(1.6 * LOCK_TIMEOUT_MS);
    await letGo({ run, first: reader, second: writer, old }, 2 * LOCK_TIMEOUT_MS);
  });
});

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const fixtures = suite();

  it("says whom it waits for while it reads the catalog, and stops when it is asked to", async () => {
    const files = { note: "ALTER TABLE t ADD COLUMN note varchar(9);\n" };
    const { project: p, url } = await bareScene(server, fixtures, ["CREATE TABLE t (id int PRIMARY KEY)"], files);
    const [reader, changer] = [await fixtures.session(url), await fixtures.session(url)];
    await reader.query("BEGIN");
    await reader.query("SELECT * FROM t");
    const changed = changer.query("ALTER TABLE t ADD COLUMN other int DEFAULT 1");
    await pause(300);
    const run = p.start("apply", "--json");
    // MySQL and MariaDB answer of the catalog meanwhile, and the step waits.
    const blocked = server.name === "postgres" ? "catalog-blocked" : "step-blocked";
    expect(await run.told((e) => e.event === blocked)).toBe(true);
    run.kill("SIGTERM");
    const asked = performance.now();
    const { code, stderr } = await run.result;
    expect(stderr).toContain("Stopped as asked");
    expect(code).toBe(130);
    expect(performance.now() - asked).toBeLessThan(5_000);
    await reader.query("COMMIT");
    await changed;
    await works(p.run("apply"));
  }, 60_000);
});

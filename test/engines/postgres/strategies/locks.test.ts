import { afterAll, expect, it } from "vitest";
import { type CliResult, project } from "../../../scenarios/support/cli.js";
import { connect } from "../../../scenarios/support/clients.js";
import { describeServer, query, until } from "../../../servers/index.js";
import { MODES as ALL_MODES, modeName } from "../effects/measure.js";

interface PlannedStep {
  readonly id: string;
  readonly kind: string;
  readonly sql: readonly string[];
  readonly transaction: boolean;
  readonly locks: readonly { relation: string; mode: string }[];
}

const SETUP = `
  CREATE SCHEMA zmigrate;
  CREATE TABLE parent (id int PRIMARY KEY);
  CREATE TABLE t (
    id int PRIMARY KEY, n int NOT NULL,
    a text COLLATE "C" NOT NULL DEFAULT 'x' UNIQUE CHECK (a <> ''),
    r int REFERENCES parent ON DELETE CASCADE, gone int NOT NULL,
    wide int NOT NULL DEFAULT 1 CHECK (wide > 0) REFERENCES parent, spelled text NOT NULL);
  CREATE UNIQUE INDEX by_wide ON t (wide, id);
  CREATE INDEX by_a ON t (lower(a)) INCLUDE (n) WHERE a IS NOT NULL;
  ALTER TABLE t ADD k int GENERATED ALWAYS AS IDENTITY, ADD m int, ADD o int, ADD q int DEFAULT 1 CONSTRAINT "below" CHECK (q < 9),
    ADD v int CONSTRAINT points REFERENCES parent, ADD w serial, ADD CONSTRAINT late CHECK (m < 9) NOT VALID;
  CREATE UNIQUE INDEX whole ON t (n, id);
  CREATE INDEX gone_by ON t (m);
  CREATE INDEX again ON t (n);
  CREATE TABLE one (id int PRIMARY KEY, moves text NOT NULL DEFAULT 'x');
  CREATE TABLE two (one int PRIMARY KEY)`;

const MIGRATION = `
ALTER TABLE t RENAME COLUMN a TO b;
ALTER TABLE t RENAME COLUMN r TO s;
ALTER TABLE t ADD COLUMN plain int NOT NULL DEFAULT 5 CHECK (plain > 0);
ALTER TABLE t ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;
ALTER TABLE t ADD COLUMN p int REFERENCES parent (id);
ALTER TABLE t ALTER COLUMN wide TYPE bigint;
-- zmigrate:up lower(spelled)
ALTER TABLE t ADD COLUMN half text NOT NULL;
-- zmigrate:down upper(half)
ALTER TABLE t DROP COLUMN spelled;
ALTER TABLE t DROP COLUMN gone;
CREATE INDEX by_n ON t (n);
ALTER TABLE t ADD CHECK (m > 0), ADD FOREIGN KEY (m) REFERENCES parent, ADD UNIQUE (m), ALTER m SET NOT NULL;
-- zmigrate:fill 7
ALTER TABLE t ALTER o SET NOT NULL;
ALTER TABLE t ALTER q DROP DEFAULT, ALTER n SET DEFAULT 3, ALTER n DROP NOT NULL, DROP CONSTRAINT below, DROP CONSTRAINT points;
ALTER TABLE t VALIDATE CONSTRAINT late, ADD CONSTRAINT "Whole" UNIQUE USING INDEX whole, ALTER k DROP IDENTITY;
ALTER TABLE t ALTER w DROP DEFAULT, ALTER w ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE t RENAME CONSTRAINT t_pkey TO "T key";
ALTER TABLE t ALTER n SET STATISTICS 20, ADD COLUMN num int GENERATED ALWAYS AS IDENTITY;
DROP INDEX gone_by;
DROP INDEX again;
CREATE INDEX again ON t (m, n);
REINDEX TABLE t;
CREATE TABLE child (id int PRIMARY KEY, t int REFERENCES t (id));
ALTER TABLE two ADD COLUMN moves text NOT NULL DEFAULT '';
UPDATE two SET moves = one.moves FROM one WHERE one.id = two.one;
ALTER TABLE one DROP COLUMN moves;
`;

/** What only reads the catalog or the table (ACCESS SHARE) is nobody's business. */
const MODES = ALL_MODES.slice(1);

function strongest(locks: readonly { relation: string; mode: string }[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { relation, mode } of locks)
    if (MODES.indexOf(mode) > MODES.indexOf(found[relation] ?? "")) found[relation] = mode;
  return found;
}

/** The tables' locks of a session, of those that others can see. */
const HELD = (pid: string) => `SELECT n.nspname || '.' || c.relname AS relation, l.mode FROM pg_locks l
  JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = ${pid} AND l.granted AND l.locktype = 'relation' AND c.relkind = 'r'
    AND n.nspname NOT IN ('pg_catalog', 'zmigrate') AND c.relname = ANY ('{t,parent,one,two}')`;

const held = (rows: readonly Record<string, unknown>[]) =>
  strongest(rows.map((r) => ({ relation: String(r.relation), mode: modeName(String(r.mode)) })));

describeServer("postgres", (server) => {
  const cleanups: (() => Promise<unknown> | unknown)[] = [];
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  async function planned(): Promise<{ url: string; steps: PlannedStep[] }> {
    const db = await server.createDatabase("locks");
    cleanups.push(() => db.drop());
    await query(db.url, SETUP);
    const p = project(db.url);
    cleanups.push(() => p.remove());
    const succeed = ({ code, stdout, stderr }: CliResult) => {
      expect(code, `${stdout}${stderr}`).toBe(0);
      return stdout;
    };
    succeed(await p.run("init"));
    p.write("migrations/20260101000000_all.sql", MIGRATION);
    const report = JSON.parse(succeed(await p.run("plan", "--format", "json"))) as {
      migrations: { phases: Record<"expand" | "backfill" | "contract", PlannedStep[]> }[];
    };
    const phases = report.migrations[0]?.phases;
    return {
      url: db.url,
      steps: [...(phases?.expand ?? []), ...(phases?.backfill ?? []), ...(phases?.contract ?? [])],
    };
  }

  /** Runs a step's statements and tells what they lock at their end. */
  async function measured(url: string, step: PlannedStep): Promise<Record<string, string>> {
    const session = await connect(url);
    try {
      if (!step.transaction) return await whileWaiting(url, session.query, step);
      await session.query("BEGIN");
      for (const sql of step.sql) await session.query(sql);
      const locks = held(await session.query(HELD("pg_backend_pid()")));
      await session.query("COMMIT");
      return locks;
    } finally {
      await session.end();
    }
  }

  /** A statement with transactions of its own is looked at while it waits for one that is older. */
  async function whileWaiting(
    url: string,
    run: (sql: string) => Promise<Record<string, unknown>[]>,
    step: PlannedStep,
  ) {
    const writer = await connect(url);
    await writer.query("BEGIN; LOCK TABLE t IN ROW EXCLUSIVE MODE");
    const [me] = await run("SELECT pg_backend_pid() AS pid");
    const pid = String(me?.pid);
    const running = (async () => {
      for (const sql of step.sql) await run(sql);
    })();
    await until(`${step.id} waits`, 10_000, async () =>
      (await query(url, `SELECT 1 FROM pg_locks WHERE pid = ${pid} AND NOT granted`)).length > 0 ? true : null,
    );
    const locks = held(await query(url, HELD(pid)));
    await writer.query("COMMIT");
    await writer.end();
    await running;
    return locks;
  }

  it("declares for every step exactly the locks that its statements take", async () => {
    const { url, steps } = await planned();
    const ddl = steps.filter((s) => s.kind === "ddl" || s.kind === "validate");
    expect(ddl.length).toBeGreaterThan(20);
    const [declared, real]: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
    for (const step of ddl) {
      const known = ["public.t", "public.parent", "public.one", "public.two"];
      declared[step.id] = strongest(step.locks.filter((l) => known.includes(l.relation)));
      real[step.id] = await measured(url, step);
    }
    expect(real).toEqual(declared);
  });
});

import { expect, it } from "vitest";
import { describeServer, query } from "../servers/index.js";
import { type CliResult, type Project, project } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { FILE, ID, RENAME } from "./support/users.js";

const TIMEOUT_MS = 120_000;

/** The statements that a help line says an administrator should run. */
const grantsIn = ({ stderr }: CliResult): string[] =>
  /administrator run: (.*?)(?:\. Nothing was changed\.)?$/m.exec(stderr)?.[1]?.split("; ") ?? [];

const ownsFunction = (role: string) => new RegExp(`^ALTER FUNCTION zmigrate\\.sync_\\w+\\(\\) OWNER TO "${role}"$`);

describeServer("postgres", (server) => {
  const own = suite();
  let made = 0;

  /** What one role began, and a project of another, to whom the table belongs by now. */
  async function handedOver(...begin: readonly string[][]) {
    const { db, project: first } = await own.scene(server, 10, RENAME);
    for (const args of begin) await works(first.run(...args));
    const name = `zm_other_${process.pid}_${made++}`;
    await query(server.url, `CREATE ROLE ${name} LOGIN PASSWORD 'gu3st-s3cret'`);
    own.after(async () => {
      await query(db.url, `DROP OWNED BY ${name} CASCADE; DROP ROLE ${name}`);
    });
    await query(
      db.url,
      `ALTER TABLE users OWNER TO ${name}; GRANT CREATE ON SCHEMA public TO ${name};
      GRANT USAGE, CREATE ON SCHEMA zmigrate TO ${name};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA zmigrate TO ${name}`,
    );
    const url = new URL(db.url);
    [url.username, url.password] = [name, "gu3st-s3cret"];
    const p: Project = project(url.href);
    own.after(async () => p.remove());
    await works(p.run("init", "--engine", "postgres"));
    p.write(FILE, RENAME);
    return { db, p, name };
  }

  /** All that a rollback could take away, and how the journal stands. */
  const standing = async (url: string) => ({
    triggers: await query(url, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"),
    functions: await query(url, "SELECT proname FROM pg_proc WHERE pronamespace = 'zmigrate'::regnamespace ORDER BY 1"),
    columns: await query(
      url,
      "SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1",
    ),
    steps: await query(url, "SELECT step_id, status FROM zmigrate.steps ORDER BY 1"),
  });

  async function mended(url: string, run: () => Promise<CliResult>, name: string): Promise<void> {
    const before = await standing(url);
    const refused = await run();
    expect(refused.code, refused.stdout).toBe(3);
    expect(refused.stderr).toContain("drop or replace the function");
    expect(await standing(url)).toEqual(before);
    const grants = grantsIn(refused);
    expect(grants.filter((grant) => ownsFunction(name).test(grant))).toHaveLength(2);
    for (const grant of grants) await query(url, grant);
    await works(run());
  }

  it(
    "asks a rollback for the functions of another role before anything is taken away",
    async () => {
      const { db, p, name } = await handedOver(["apply", "--phase", "expand", "--release", "r1"]);
      await mended(db.url, () => p.run("rollback", ID), name);
      expect((await standing(db.url)).functions).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "asks a rollback for them after the swap, too",
    async () => {
      const { db, p, name } = await handedOver(
        ["apply", "--release", "r1"],
        ["apply", "--contract", "--release", "r2", "--park", "1h"],
      );
      await mended(db.url, () => p.run("rollback", ID), name);
      expect((await standing(db.url)).functions).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "asks `apply` for them before it goes on",
    async () => {
      const { db, p, name } = await handedOver(["apply", "--phase", "expand", "--release", "r1"]);
      await mended(db.url, () => p.run("apply", "--release", "r1"), name);
      await works(p.run("apply", "--require-contract", "--release", "r2"));
    },
    TIMEOUT_MS,
  );
});

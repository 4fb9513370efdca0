import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

interface Row {
  readonly query: string;
  readonly source: string;
  readonly owner: string;
  readonly expand: string;
  readonly contract: string;
}

const OLD = "SELECT email FROM users WHERE id = 1";
const NEW = "SELECT mail FROM users WHERE id = 1";

describeServer("postgres", (server) => {
  const s = suite();

  it("plans beside the statistics of the running database: what was sent breaks in contract, and nothing before", async () => {
    const { url, project } = await bareScene(server, s, ["CREATE EXTENSION IF NOT EXISTS pg_stat_statements"], {
      users: "CREATE TABLE users (id bigint PRIMARY KEY, email text);",
      mail: "ALTER TABLE users RENAME COLUMN email TO mail;",
      fresh: "CREATE TABLE fresh (id bigint PRIMARY KEY, a int);",
      again: "ALTER TABLE fresh RENAME COLUMN a TO b;",
    });
    await works(project.run("apply", "--release", "1", "--to", "20260101000000"));
    await query(url, OLD);
    project.write("new.sql", `${NEW};\nSELECT a FROM fresh;\n`);
    const run = await project.run("plan", "--queries", "database", "--queries", "new.sql", "--format", "json");
    expect(run.stderr).toContain("left out");
    const [mail, , again] = JSON.parse(run.stdout).migrations as { compatibility: Row[] }[];
    const of = (rows: readonly Row[] | undefined, text: string) => rows?.find((r) => r.query === text);
    expect(of(mail?.compatibility, "SELECT email FROM users WHERE id = $1")).toMatchObject({
      source: expect.stringMatching(/^database -?\d+$/),
      owner: "old",
      expand: "works",
      contract: "breaks",
    });
    expect(of(mail?.compatibility, NEW)).toMatchObject({ owner: "new", expand: "works", contract: "works" });
    // No code that runs can send it: its table comes with the same release.
    expect(of(again?.compatibility, "SELECT a FROM fresh")).toMatchObject({ owner: "new", expand: "breaks" });
    expect(run.code).toBe(0);
  });

  it("says where the database has no statistics, and refuses what breaks running code", async () => {
    const { project } = await bareScene(server, s, [], {
      users: "CREATE TABLE users (id bigint PRIMARY KEY, email text);",
      orders: "CREATE TABLE orders (id bigint PRIMARY KEY);",
      email: "ALTER TABLE orders ADD COLUMN email text;",
    });
    await works(project.run("apply", "--release", "1", "--to", "20260102000000"));
    expect(await project.run("plan", "--queries", "database")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("CREATE EXTENSION pg_stat_statements"),
    });
    project.write("q.sql", "SELECT email FROM users, orders WHERE users.id = 1;\n");
    expect(await project.run("plan", "--queries", "q.sql", "--release", "2")).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('q.sql:1): column reference "email" is ambiguous'),
    });
  });
});

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("prepares queries on the server of --shadow-url", async () => {
    const { project } = await bareScene(server, s, [], {
      users: "CREATE TABLE users (id bigint PRIMARY KEY, email varchar(40));",
      mail: "ALTER TABLE users RENAME COLUMN email TO mail;",
      more: "CREATE TABLE orders (id bigint PRIMARY KEY);",
    });
    await works(project.run("apply", "--release", "1", "--to", "20260101000000"));
    project.write("q.sql", `${OLD};\n${NEW};\nINSERT INTO users VALUES (?, ?);\nSELECT id FROM orders;\n`);
    const asked = ["--queries", "q.sql", "--shadow-url", server.url, "--format", "json"];
    const live = await project.run("plan", ...asked);
    const rows = (JSON.parse(live.stdout) as { migrations: { compatibility: Row[] }[] }).migrations[0]?.compatibility;
    expect(rows?.map((r) => [r.query, r.owner, r.expand, r.contract].join(" "))).toEqual([
      `${OLD} old works breaks`,
      `${NEW} new works works`,
      // One more column, and the servers take no INSERT without a list that is shorter.
      "INSERT INTO users VALUES (?, ?) old breaks breaks",
      "SELECT id FROM orders later breaks breaks",
    ]);
    expect(live.code).toBe(1);
  });
});

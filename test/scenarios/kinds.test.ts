import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { sameAsPlain } from "./support/compare.js";
import { works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";
import { ID } from "./support/users.js";

const ROWS = 200;

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { scene, client, session } = suite();
  const isPostgres = server.name === "postgres";

  const T = [
    "CREATE TABLE p (id int NOT NULL PRIMARY KEY)",
    "INSERT INTO p VALUES (1), (2)",
    "CREATE TABLE t (id int NOT NULL PRIMARY KEY, n int NOT NULL DEFAULT 1)",
    "INSERT INTO t (id) VALUES (1), (2), (3)",
  ];

  it.each([
    ["nullable", "ALTER TABLE t ADD COLUMN c int"],
    ["with a constant", "ALTER TABLE t ADD COLUMN c varchar(20) NOT NULL DEFAULT 'it''s'"],
    ...(isPostgres
      ? ([
          ["with a check", "ALTER TABLE t ADD COLUMN c int DEFAULT 5 CONSTRAINT positive CHECK (c > 0)"],
          ["with a reference", "ALTER TABLE t ADD COLUMN c int REFERENCES p (id) ON DELETE CASCADE"],
          ["with a unique constraint", "ALTER TABLE t ADD COLUMN c int UNIQUE"],
          ["with two in one statement", "ALTER TABLE t ADD COLUMN c int DEFAULT 1, ADD COLUMN d text"],
        ] as [string, string][])
      : []),
  ])("adds a column %s", (_, sql) => sameAsPlain(server, { setup: T, migration: [sql], tables: ["t"] }));

  it("creates tables and indexes with and without a name", () =>
    sameAsPlain(server, {
      setup: T,
      migration: [
        "CREATE TABLE fresh (id int NOT NULL PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', r int, CONSTRAINT fk FOREIGN KEY (r) REFERENCES p (id))",
        "CREATE INDEX by_n ON t (n)",
        "CREATE UNIQUE INDEX by_both ON t (n, id)",
        ...(isPostgres
          ? [
              "CREATE INDEX part ON t (n) WHERE n > 0",
              // Without a name, and with one that the server numbers.
              "CREATE INDEX ON t (id, n)",
              "CREATE INDEX ON t (abs(n))",
              "CREATE UNIQUE INDEX ON t (abs(id))",
              "CREATE INDEX ON t (abs(n), abs(id))",
              "CREATE INDEX ON t ((n + id)); CREATE INDEX ON t ((n - id))",
              "CREATE INDEX ON t (n) WHERE n > 1; CREATE INDEX ON t (n) WHERE n > 2",
            ]
          : []),
      ],
      tables: ["t", "fresh"],
    }));

  it("drops a column, and the index on it", () =>
    sameAsPlain(server, {
      setup: [...T, "CREATE INDEX by_n ON t (n)"],
      migration: ["ALTER TABLE t DROP COLUMN n"],
      tables: ["t"],
    }));

  it("says which rows keep a unique index from being built, and builds it when they are mended", async () => {
    const { db, project: p } = await scene(server, ROWS, "CREATE UNIQUE INDEX one_name ON users (name);\n");
    const run = await session(db.url);
    await run.query("UPDATE users SET name = 'twice' WHERE id <= 2");
    const before = await schemaOf(db.url, "users");
    const failed = await p.run("apply", "--release", "r1");
    expect(failed.code, failed.stdout).toBe(3);
    expect(failed.stderr).toContain("twice");
    const status = JSON.parse((await works(p.run("status", "--json"))).stdout) as {
      migrations: { status: string; error: string }[];
    };
    expect(status.migrations[0]).toMatchObject({ status: "failed" });
    expect(status.migrations[0]?.error).toContain("twice");
    await works(p.run("rollback", ID));
    expect(await schemaOf(db.url, "users")).toEqual(before);
    expect((await p.run("apply", "--release", "r1")).code).toBe(3);
    await run.query("UPDATE users SET name = 'once' WHERE id = 1");
    await works(p.run("apply", "--release", "r1"));
    await expect(query(db.url, "INSERT INTO users (name) VALUES ('twice')")).rejects.toThrow(/one_name/);
  });

  it("drops a NOT NULL column without a default while old code writes it and new code does not, and takes it back", async () => {
    const { db, project: p } = await scene(server, ROWS, "ALTER TABLE users DROP COLUMN team;\n");
    const run = await session(db.url);
    await run.query("ALTER TABLE users ADD COLUMN team varchar(20) NOT NULL DEFAULT 'red'");
    await run.query("ALTER TABLE users ALTER COLUMN team DROP DEFAULT");
    const before = await schemaOf(db.url, "users");
    const old = await client(
      db.url,
      async (go, turn) => void (await go("INSERT INTO users (name, team) VALUES (?, 'blue')", [`old ${turn}`])),
    );
    await works(p.run("apply", "--release", "r1"));
    await works(p.run("rollback", ID));
    expect(await schemaOf(db.url, "users")).toEqual(before);
    await works(p.run("apply", "--release", "r1"));
    const fresh = await client(
      db.url,
      async (go, turn) => void (await go("INSERT INTO users (name) VALUES (?)", [`new ${turn}`])),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await old.stop()).failures).toEqual([]);
    const closed = await works(p.run("apply", "--contract", "--release", "r1"));
    expect(closed.stdout).toContain("release r1 itself expanded");
    await works(p.run("apply", "--contract", "--release", "r2"));
    expect((await schemaOf(db.url, "users")).join("\n")).toContain("zmigrate_dropped_team");
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r3", "--park", "0"));
    expect((await fresh.stop()).failures).toEqual([]);
    expect((await schemaOf(db.url, "users")).join("\n")).not.toContain("team");
  });
});

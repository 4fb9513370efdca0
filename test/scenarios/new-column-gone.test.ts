import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import type { CliResult } from "./support/cli.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";
import { ID, RENAME } from "./support/users.js";

/** One error that says so, and exit code 3. */
function refusedWith(what: RegExp, { code, stdout, stderr }: CliResult): string {
  expect(code, stdout + stderr).toBe(3);
  expect(stderr.match(/^error: /gm), stderr).toHaveLength(1);
  expect(stderr).toMatch(what);
  return stderr;
}

/** The statements that a message gives, to be run as they are. */
const statements = (text: string): string[] =>
  [...text.matchAll(/(?:[:;] |^ {2})((?:ALTER|CREATE|DROP TRIGGER) [^;]*)(?=;)/gm)].map((m) => m[1] ?? "");

const INDEXES = `SELECT DISTINCT INDEX_NAME AS name FROM information_schema.STATISTICS
  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'users' AND INDEX_NAME <> 'PRIMARY'`;

const CONTRACT = ["apply", "--require-contract", "--park", "0", "--release"];

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const own = suite();
  const postgres = server.name === "postgres";
  const GONE = /has made the column email_address of .*users, which is gone/;
  const drop = `ALTER TABLE users DROP COLUMN email_address${postgres ? " CASCADE" : ""}`;

  it("stops where somebody has renamed or dropped the new column, and drops nothing while the other is the last copy", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "ALTER TABLE users RENAME COLUMN email_address TO nb");
    for (const args of [[...CONTRACT, "r2"], ["verify"], ["rollback", ID]]) refusedWith(GONE, await p.run(...args));
    const { stdout } = await works(p.run("status", "--release", "r2"));
    expect(stdout).toMatch(/next: `zmigrate apply` refuses it.*email_address/);
    let back = ["ALTER TABLE users RENAME COLUMN nb TO email_address"];
    // What it carries tells where it is: it would stay behind with its NOT NULL.
    if (postgres) back = statements(refusedWith(GONE, await p.run("rollback", ID, "--accept-loss")));
    expect(back).toHaveLength(1);
    for (const sql of back) await query(db.url, sql);

    await query(db.url, drop);
    expect(refusedWith(GONE, await p.run("rollback", ID))).toContain(`zmigrate rollback ${ID} --accept-loss`);
    await works(p.run("rollback", ID, "--accept-loss"));
    await query(db.url, "INSERT INTO users (name, user_email) VALUES ('old', 'old@example.com')");
    await works(p.run("apply", "--release", "r2"));
    // The exchange of names does not ask for indexes, and nor does the drop of the copies.
    const indexes = postgres ? [] : await query(db.url, INDEXES);
    expect(indexes).toHaveLength(postgres ? 0 : 2);
    for (const { name } of indexes) await query(db.url, `DROP INDEX ${String(name)} ON users`);
    await works(p.run("apply", "--require-contract", "--release", "r3"));

    await query(db.url, drop);
    refusedWith(GONE, await p.run("rollback", ID, "--accept-loss"));
    const way = statements(refusedWith(GONE, await p.run(...CONTRACT, "r4")));
    expect(way.filter((sql) => sql.startsWith("ALTER"))).toHaveLength(1);
    for (const sql of way) await query(db.url, sql);
    await query(db.url, "INSERT INTO users (name, email_address) VALUES ('kept', 'kept@example.com')");
    await works(p.run(...CONTRACT, "r4"));
    await query(db.url, "INSERT INTO users (name, email_address) VALUES ('new', 'new@example.com')");
    expect(await query(db.url, "SELECT email_address FROM users WHERE id = 7")).toEqual([
      { email_address: "user7@example.com" },
    ]);
  });
});

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const own = suite();
  const postgres = server.name === "postgres";
  const CHANGE = `-- zmigrate:up ${postgres ? "split_part(k, ' ', 1)" : "SUBSTRING_INDEX(k, ' ', 1)"}
ALTER TABLE both_kinds ADD COLUMN k1 varchar(40);
-- zmigrate:up ${postgres ? "split_part(k, ' ', 2)" : "SUBSTRING_INDEX(k, ' ', -1)"}
ALTER TABLE both_kinds ADD COLUMN k2 varchar(40);
-- zmigrate:down concat(k1, ' ', k2)
ALTER TABLE both_kinds DROP COLUMN k;
ALTER TABLE both_kinds ${postgres ? "ALTER n TYPE bigint" : "MODIFY n varchar(20)"};
`;

  it("drops no column that a split or a change of type has parked while the new one is gone", async () => {
    const { db, project: p } = await own.scene(server, 2, CHANGE);
    await query(db.url, "CREATE TABLE both_kinds (id int PRIMARY KEY, k varchar(80), n int)");
    await query(db.url, "INSERT INTO both_kinds VALUES (1, 'a b', 7)");
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "ALTER TABLE both_kinds RENAME COLUMN k1 TO other");
    const way = postgres ? 'RENAME COLUMN "other" TO "k1"' : "--accept-loss";
    for (const args of [["verify"], ["rollback", ID]])
      refusedWith(new RegExp(`has made the column k1 of .*${way}`, "s"), await p.run(...args));
    await query(db.url, "ALTER TABLE both_kinds RENAME COLUMN other TO k1");
    await works(p.run(...CONTRACT, "r2"));

    await query(db.url, `ALTER TABLE both_kinds DROP COLUMN n${postgres ? " CASCADE" : ""}`);
    const GONE = /has made the column n of .*is in zmigrate_dropped_n_\w+ only.* add n again/s;
    for (const args of [
      [...CONTRACT, "r3"],
      ["rollback", ID, "--accept-loss"],
    ])
      refusedWith(GONE, await p.run(...args));
    expect((await works(p.run("status", "--release", "r3"))).stdout).toMatch(/`zmigrate apply` refuses it.* column n /);
    const [row] = await query(db.url, "SELECT * FROM both_kinds");
    const parked = Object.keys(row ?? {}).find((name) => name.startsWith("zmigrate_dropped_n_"));
    await query(db.url, `ALTER TABLE both_kinds ADD COLUMN n ${postgres ? "bigint" : "varchar(20)"}`);
    await query(db.url, `UPDATE both_kinds SET n = ${parked}`);
    // Its triggers went with the column.
    if (postgres) {
      const again = refusedWith(/gone or switched off/, await p.run(...CONTRACT, "r3"));
      await query(db.url, again.slice(again.indexOf("\nCREATE")));
    }
    await works(p.run(...CONTRACT, "r3"));
    expect(await query(db.url, "SELECT * FROM both_kinds")).toEqual([{ id: 1, k1: "a", k2: "b", n: "7" }]);
  });
});

describeServer("postgres", (server) => {
  const own = suite();

  it("stops the swap under an index or a check that has come on a column which had none", async () => {
    const { db, project: p } = await own.scene(server, 1, "ALTER TABLE bare RENAME COLUMN a TO na;\n");
    await query(db.url, "CREATE TABLE bare (id int PRIMARY KEY, a text)");
    await works(p.run("apply", "--release", "r1"));
    for (const [sql, what, drop] of [
      ["CREATE UNIQUE INDEX by_hand ON bare (lower(a))", /index by_hand of .*bare names/, "DROP INDEX by_hand"],
      [
        "ALTER TABLE bare ADD CHECK (a <> '')",
        /constraint bare_a_check of .*bare names/,
        "ALTER TABLE bare DROP CONSTRAINT bare_a_check",
      ],
    ] as const) {
      await query(db.url, sql);
      refusedWith(what, await p.run(...CONTRACT, "r2"));
      await query(db.url, drop);
    }
    await works(p.run("apply", "--require-contract", "--release", "r2"));
  });

  it("names an index or a constraint that is not as the swap needs it, with what makes it again", async () => {
    const { db, project: p } = await own.scene(server, 20, RENAME);
    await works(p.run("apply", "--release", "r1"));
    await query(db.url, "DROP INDEX users_by_email");
    await works(p.run("apply", "--release", "r2"));
    const gone = refusedWith(
      /renames the index users_by_email of .*users, which is gone/,
      await p.run(...CONTRACT, "r2"),
    );
    expect(gone).toContain(`zmigrate rollback ${ID}\``);
    expect(statements(gone)).toHaveLength(1);
    for (const sql of statements(gone)) await query(db.url, sql);

    await query(db.url, "CREATE UNIQUE INDEX by_hand ON users (user_email)");
    const { stdout } = await works(p.run("status", "--release", "r2"));
    expect(stdout).toMatch(/index by_hand of .*users names the column user_email and has come since/);
    refusedWith(/index by_hand/, await p.run(...CONTRACT, "r2"));
    await query(db.url, "DROP INDEX by_hand");
    const [built] = await query(db.url, "SELECT pg_get_indexdef('users_by_email'::regclass) AS sql");
    await query(db.url, "DROP INDEX users_by_email; CREATE UNIQUE INDEX users_by_email ON users (user_email)");
    refusedWith(/users_by_email of .* is not made as zmigrate_new_users_by_email/, await p.run(...CONTRACT, "r2"));
    expect((await works(p.run("status", "--release", "r2"))).stdout).toContain("somebody has made it anew");
    await query(db.url, `DROP INDEX users_by_email; ${String(built?.sql)}`);
    await works(p.run("apply", "--require-contract", "--release", "r2"));

    const checked = (sql: string) =>
      query(db.url, `ALTER TABLE users DROP CONSTRAINT email_has_at, ADD CONSTRAINT email_has_at ${sql}`);
    await checked("CHECK (email_address LIKE '%@%' AND email_address <> '@')");
    refusedWith(/email_has_at of .* is not made as zmigrate_dropped_/, await p.run("rollback", ID));
    await query(db.url, "ALTER TABLE users DROP CONSTRAINT email_has_at");
    const undo = refusedWith(/renames the constraint email_has_at/, await p.run("rollback", ID));
    for (const sql of statements(undo)) await query(db.url, sql);
    await works(p.run("rollback", ID));
    await expect(query(db.url, "INSERT INTO users (name, user_email) VALUES ('x', 'x')")).rejects.toThrow(
      /email_has_at/,
    );
  });

  it("makes again each name of a unique constraint, a foreign key and NOT NULL that it asks for", async () => {
    const { db, project: p } = await own.scene(server, 20, "ALTER TABLE kept RENAME COLUMN a TO b;\n");
    await query(
      db.url,
      "CREATE TABLE kept (id int PRIMARY KEY, a bigint NOT NULL CONSTRAINT kept_key UNIQUE DEFERRABLE CONSTRAINT kept_of REFERENCES users)",
    );
    await works(p.run("apply", "--release", "r1"));
    for (const name of ["kept_of", "kept_a_not_null", "kept_key"]) {
      await query(db.url, `ALTER TABLE kept DROP CONSTRAINT ${name}`);
      for (const sql of statements(refusedWith(new RegExp(`constraint ${name} `), await p.run(...CONTRACT, "r2"))))
        await query(db.url, sql);
    }
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    await query(db.url, "ALTER TABLE kept DROP CONSTRAINT kept_key");
    for (const sql of statements(refusedWith(/constraint kept_key /, await p.run("rollback", ID))))
      await query(db.url, sql);
    await works(p.run("rollback", ID));
  });
});

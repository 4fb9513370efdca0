import { expect, it } from "vitest";
import { describeServers, query, type TestServer } from "../servers/index.js";
import type { Query } from "./support/clients.js";
import { SMALL_BATCHES, works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 3_000;

const POSTGRES = (column: string) => [
  `CREATE OR REPLACE FUNCTION lowers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.${column} := lower(NEW.${column}); RETURN NEW; END $$`,
  "DROP TRIGGER IF EXISTS lowers ON users",
  "CREATE TRIGGER lowers BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION lowers()",
];

/** The application's trigger: it writes an address in lower case. `before` is where ours are, that must stay the last. */
async function lowers(server: TestServer, url: string, column: string, before: Readonly<Record<string, string>> = {}) {
  const mysql = ["INSERT", "UPDATE"].flatMap((event) => [
    `DROP TRIGGER IF EXISTS lowers_${event}`,
    `CREATE TRIGGER lowers_${event} BEFORE ${event} ON users FOR EACH ROW ${before[event] ?? ""} SET NEW.${column} = lower(NEW.${column})`,
  ]);
  for (const sql of server.name === "postgres" ? POSTGRES(column) : mysql) await query(url, sql);
}

/** As the plan's note says. */
async function beforeOurs(server: TestServer, url: string): Promise<Record<string, string>> {
  if (server.name === "postgres") return {};
  const found = await query(
    url,
    "SELECT TRIGGER_NAME AS name, EVENT_MANIPULATION AS event FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND TRIGGER_NAME LIKE 'zmigrate_sync_%'",
  );
  return Object.fromEntries(found.map((t) => [String(t.event), `PRECEDES ${String(t.name)}`]));
}

/** Writes addresses in mixed case, under one name, to rows that no other client has. */
const writes = (column: string, share: number, wrote: Map<number, string>) => async (run: Query, turn: number) => {
  const id = 1 + ((turn * 7_919) % (ROWS / 4)) * 4 + share;
  const address = `${column}-${turn}@Example.com`;
  if (turn % 3 === 0) await run("UPDATE users SET name = ? WHERE id = ?", [`touched ${turn}`, id]);
  else {
    await run(`UPDATE users SET ${column} = ? WHERE id = ?`, [address, id]);
    wrote.set(id, address);
  }
  await run(`INSERT INTO users (id, name, ${column}) VALUES (?, ?, ?)`, [-(turn * 4 + share + 1), "new", address]);
  wrote.set(-(turn * 4 + share + 1), address);
};

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { scene, client } = suite();

  it("ends with equal sides beside a trigger that changes the column, also in rows that it never touched", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    await query(db.url, "UPDATE users SET user_email = CONCAT('User', id, '@Example.com')");
    await lowers(server, db.url, "user_email");
    const { stdout: plan } = await works(p.run("plan"));
    expect(plan).toContain("do not see what new code writes to email_address");

    const wrote = new Map<number, string>();
    await works(p.run("apply", "--release", "r1", "--phase", "expand"));
    const old = await client(db.url, writes("user_email", 0, wrote));
    const fresh = await client(db.url, writes("email_address", 1, wrote));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { stdout } = await works(p.run("apply", "--json", "--release", "r1"));
    expect(stdout).not.toContain("another-pass");
    expect((await old.stop()).failures).toEqual([]);
    const gates = await works(p.run("apply", "--contract", "--release", "r2"));
    expect(gates.stdout).toMatch(/closed +dependents.*lowers/);

    await lowers(server, db.url, "email_address", await beforeOurs(server, db.url));
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
    await works(p.run("apply", "--contract", "--require-contract", "--release", "r3", "--park", "0"));
    expect((await fresh.stop()).failures).toEqual([]);

    const rows = await query(db.url, "SELECT id, email_address AS address FROM users");
    expect(rows).toHaveLength(ROWS + [...wrote.keys()].filter((id) => id < 0).length);
    const wrong = rows.filter(({ id, address }) => {
      const expected = wrote.get(Number(id)) ?? `User${String(id)}@Example.com`;
      return String(address).toLowerCase() !== expected.toLowerCase();
    });
    expect(wrong).toEqual([]);
  });

  it("has equal sides after each statement of old and new code", async () => {
    const { db, project: p } = await scene(server, 8, SMALL_BATCHES);
    await query(db.url, "UPDATE users SET user_email = CONCAT('User', id, '@Example.com')");
    await lowers(server, db.url, "user_email");
    await works(p.run("apply", "--release", "r1", "--phase", "expand"));
    const statements = [
      "UPDATE users SET email_address = 'New1@x' WHERE id = 1",
      "UPDATE users SET user_email = 'Old2@x' WHERE id = 2",
      "UPDATE users SET name = 'touched' WHERE id = 3",
      "UPDATE users SET email_address = 'New4@x', user_email = 'New4@x' WHERE id = 4",
      "INSERT INTO users (id, name, email_address) VALUES (101, 'new', 'New5@x')",
      "INSERT INTO users (id, name, user_email) VALUES (102, 'old', 'Old6@x')",
      "INSERT INTO users (id, name) VALUES (103, 'neither')",
      "INSERT INTO users (id, name, email_address, user_email) VALUES (104, 'both', 'New8@x', 'New8@x')",
    ];
    for (const sql of statements) await query(db.url, sql);
    const unequal = await query(
      db.url,
      "SELECT * FROM users WHERE (id <= 4 OR id > 100) AND (email_address IS NULL OR user_email <> email_address)",
    );
    expect(unequal).toEqual([]);
    const written = await query(db.url, "SELECT email_address AS e FROM users WHERE id IN (1, 2, 4, 101, 102, 104)");
    expect(written.map((r) => String(r.e).toLowerCase()).sort()).toEqual(
      ["new1@x", "new4@x", "new5@x", "new8@x", "old2@x", "old6@x"].sort(),
    );
  });
});

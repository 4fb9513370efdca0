import { expect, it } from "vitest";
import { describeServer, describeServers, query } from "../servers/index.js";
import type { Project } from "./support/cli.js";
import { waysOut } from "./support/past-triggers.js";
import { SMALL_BATCHES, works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { slowDown } from "./support/slow-plan.js";
import { suite } from "./support/suite.js";
import { ID, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 2_000;

/** Somebody's own trigger that fires after ours: no pass over the table gets past it, the new side becomes another value. */
const SPOIL: Readonly<Record<string, string>> = {
  postgres: `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.id IN (7, 1500) THEN NEW.email_address := 'spoilt' || NEW.id || '@x'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER "~spoil" BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION spoil()`,
  mysql: `CREATE TRIGGER spoil BEFORE UPDATE ON users FOR EACH ROW
    IF NEW.id IN (7, 1500) THEN SET NEW.email_address = CONCAT('spoilt', NEW.id, '@x'); END IF`,
};

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mysql"], (server) => {
  const { scene, client, after } = suite();

  /** Two rows become unequal with no trigger of ours to see it. */
  async function spoil(url: string): Promise<void> {
    await query(url, SPOIL[server.name === "postgres" ? "postgres" : "mysql"] ?? "");
    await query(url, "UPDATE users SET name = name WHERE id IN (7, 1500)");
  }
  const leave = (url: string) =>
    query(url, server.name === "postgres" ? 'DROP TRIGGER "~spoil" ON users' : "DROP TRIGGER spoil");

  it("stops before the swap when rows differ that did not when the backfill ended, and contracts when they are equal again", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    const written: Written = new Map();
    await works(p.run("apply", "--release", "r1"));
    await spoil(db.url);
    const before = await schemaOf(db.url, "users");

    const refused = await p.run("apply", "--contract", "--release", "r2", "--max-mismatches", "1");
    expect(refused.code, refused.stdout).toBe(3);
    expect(refused.stderr).toContain("; `maxMismatches` lets 1 do so.");
    expect(refused.stderr).toMatch(/^error: Migration 20260101000000, step 1-verify: 2 rows differ .*7 \| 1500/m);
    expect(refused.stderr).toContain("Nothing was contracted.");
    expect(await schemaOf(db.url, "users")).toEqual(before);
    const status = JSON.parse((await works(p.run("status", "--json", "--release", "r2"))).stdout);
    expect(status.migrations[0]).toMatchObject({ status: "failed", error: expect.stringContaining("2 rows differ") });
    const contract = status.migrations[0].steps.filter((s: { phase: string }) => s.phase === "contract");
    expect(new Set(contract.map((s: { status: string }) => s.status))).toEqual(new Set(["pending"]));

    // Plain `apply` goes on at the failed step too, and the gate does not claim what is not so.
    expect((await p.run("apply", "--release", "r2")).code).toBe(3);
    const gates = status.migrations[0].gates as { name: string; state: string }[];
    const verified = gates.find((g) => g.name === "verified");
    expect(verified).toMatchObject({
      state: "closed",
      reason: "1-verify: 2 rows differ. Keys of some: 7 | 1500.",
    });

    await leave(db.url);
    await query(db.url, waysOut(refused.stderr).oldWins);
    const old = await client(db.url, userClient("user_email", "old", ROWS, written));
    await old.stop();
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
  }, 120_000);

  it("closes the gate when rows differ in a comparison of its own, and opens it when `apply` has compared again", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    await works(p.run("apply", "--release", "r1"));
    expect(await verified(p)).toMatchObject({ open: true, reason: "no mismatching row" });
    await spoil(db.url);
    await leave(db.url);
    const failed = await p.run("verify");
    expect(failed).toMatchObject({ code: 3 });
    expect(failed.stdout).toContain("2 differ");
    expect(failed.stderr).toMatch(/2 rows differ .*7 \| 1500/);
    expect(await verified(p)).toMatchObject({
      open: false,
      reason: expect.stringContaining("1-verify: 2 rows differ"),
    });
    expect((await works(p.run("status"))).stdout).toContain(
      `next: run \`zmigrate verify ${ID}\`: it prints what to run`,
    );
    const waits = await p.run("apply", "--contract", "--release", "r2");
    expect(waits.code).toBe(3);

    await query(db.url, waysOut(failed.stderr).oldWins);
    await works(p.run("apply", "--release", "r1"));
    expect(await verified(p)).toMatchObject({ open: true });
    await works(p.run("apply", "--contract", "--release", "r2"));
    expect(await wrongRows(db.url, "email_address", ROWS, new Map())).toEqual([]);
    expect((await works(p.run("verify"))).stdout).toContain("no migration is between its expand and its swap");
    const reason = server.name === "postgres" ? "no mismatching row before the swap" : "no mismatching row";
    expect(await verified(p)).toMatchObject({ open: true, reason });
  }, 120_000);

  it("closes no gate of a migration whose backfill goes on, or whose swap has begun", async () => {
    const { db, project: p } = await scene(server, 100, SMALL_BATCHES);
    await works(p.run("apply", "--release", "r1", "--phase", "expand"));
    const unfilled = await p.run("verify");
    expect(unfilled).toMatchObject({ code: 3 });
    expect(unfilled.stdout).toMatch(/100 differ \(among them 1 \| 2 \| 3 \| 4 \| 5\)/);
    expect(unfilled.stderr).toContain("Run `zmigrate apply`, which fills these rows.");
    await works(p.run("verify", "--max-mismatches", "100"));
    await works(p.run("apply", "--release", "r1"));
    const journal = server.name === "postgres" ? "zmigrate.steps" : "zmigrate_steps";
    const swap = server.name === "postgres" ? "1-swap" : "1-exchange";
    await query(db.url, `UPDATE ${journal} SET status = 'running' WHERE step_id = '${swap}'`);
    await spoil(db.url);
    expect(await p.run("verify")).toMatchObject({ code: 3 });
    expect(await query(db.url, `SELECT status FROM ${journal} WHERE step_id = '1-verify'`)).toEqual([
      { status: "done" },
    ]);
  }, 120_000);

  it("tells of a role that may not write the journal that the gate stays as it is", async () => {
    const { db, project: p } = await scene(server, 100, SMALL_BATCHES);
    await works(p.run("apply", "--release", "r1"));
    await spoil(db.url);
    const { url, drop } = await reader(db.url);
    after(drop);
    const failed = await p.run("verify", "--database-url", url);
    expect(failed.code, failed.stderr).toBe(3);
    expect(failed.stderr).toMatch(/The gate "verified" could not be closed: .*denied/);
    expect(failed.stderr).toMatch(/1 row differs .*7\./);
  }, 120_000);
});

describeServer("postgres", (server) => {
  const { scene } = suite();

  it("tells on standard error how far a long comparison is", async () => {
    const { db, project: p } = await scene(server, 5_100, RENAME);
    await works(p.run("apply", "--release", "r1"));
    await slowDown(db.url, 6);
    const { stdout, stderr } = await works(p.run("verify"));
    expect(stderr).toMatch(/\d+ % {2}[\d,]+ of 5,\d{3} rows compared/);
    expect(stdout).toBe("20260101000000 1-verify: 5,100 rows compared, 0 differ\n");
  }, 60_000);
});

/** The gate as `status` tells it. */
async function verified(p: Project) {
  const { stdout } = await works(p.run("status", "--json", "--release", "r2"));
  const gates = JSON.parse(stdout).migrations[0].gates as { name: string; open: boolean; reason: string }[];
  return gates.find((g) => g.name === "verified");
}

/** A role that may only read. */
async function reader(url: string) {
  const name = `reader_${Math.random().toString(36).slice(2, 10)}`;
  const postgres = url.startsWith("postgres");
  const make = postgres
    ? `CREATE ROLE ${name} LOGIN PASSWORD 'secret'; GRANT pg_read_all_data TO ${name}`
    : `CREATE USER ${name} IDENTIFIED BY 'secret'`;
  await query(url, make);
  const as = new URL(url);
  if (!postgres) await query(url, `GRANT SELECT ON \`${as.pathname.slice(1)}\`.* TO ${name}`);
  [as.username, as.password] = [name, "secret"];
  return { url: as.href, drop: () => query(url, postgres ? `DROP ROLE ${name}` : `DROP USER ${name}`) };
}

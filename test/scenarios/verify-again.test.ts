import { expect, it } from "vitest";
import type { RunEvent } from "../../src/model/event.js";
import { describeServers, query } from "../servers/index.js";
import { SMALL_BATCHES, works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";
import { userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 2_000;

/** Somebody's own trigger that fires after ours: no pass over the table gets past it, the new side becomes another value. */
const SPOIL: Readonly<Record<string, string>> = {
  postgres: `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.id IN (7, 1500) THEN NEW.email_address := 'spoilt' || NEW.id || '@x'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER "~spoil" BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION spoil()`,
  mysql: `CREATE TRIGGER spoil BEFORE UPDATE ON users FOR EACH ROW
    IF NEW.id IN (7, 1500) THEN SET NEW.email_address = CONCAT('spoilt', NEW.id, '@x'); END IF`,
};

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const { scene, client } = suite();

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

    const refused = await p.run("apply", "--contract", "--release", "r2");
    expect(refused.code, refused.stdout).toBe(3);
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
    expect(gates.find((g) => g.name === "verified")?.state).toBe("closed");

    await leave(db.url);
    const old = await client(db.url, userClient("user_email", "old", ROWS, written));
    await old.stop();
    await works(p.run("apply", "--require-contract", "--release", "r2"));
    expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
  }, 120_000);

  it("swaps no row that differs: what was written behind the triggers is made equal first", async () => {
    const { db, project: p } = await scene(server, ROWS, SMALL_BATCHES);
    await works(p.run("apply", "--release", "r1"));
    await spoil(db.url);
    await leave(db.url);
    const run = p.start("apply", "--json", "--contract", "--release", "r2");
    const found = (e: RunEvent) => e.event === "verified" && e.mismatches === 2;
    expect(await run.told(found)).toBe(true);
    await works(run.result);
    expect(await wrongRows(db.url, "email_address", ROWS, new Map())).toEqual([]);
  }, 120_000);
});

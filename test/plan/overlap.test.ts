import { describe, expect, it } from "vitest";
import { postgresEngine } from "../../src/engines/postgres/index.js";
import type { Operation } from "../../src/model/operation.js";
import type { Retired } from "../../src/model/plan.js";
import { claimsHeld, claimsMade } from "../../src/plan/claims.js";
import { builtOnExchanged, builtOnGoing, overlap } from "../../src/plan/overlap.js";

const relation = { schema: "public", name: "t" };
const rename: Retired = { relation, column: "a", parked: "zmigrate_dropped_a", replacement: "b", exchanges: false };
const NONE = { retires: [] };

async function operationOf(sql: string): Promise<Operation> {
  await postgresEngine.load();
  const [operation] = postgresEngine.parse(sql).statements.flatMap((s) => s.operations);
  if (operation === undefined) throw new Error(sql);
  return operation;
}

async function meets(sql: string, held: Parameters<typeof claimsHeld>[0], swapped = false): Promise<string | null> {
  const operation = await operationOf(sql);
  return overlap(claimsHeld(held, swapped), claimsMade(operation, NONE), operation, "public")?.change ?? null;
}

describe("what waits for a rename that is under way", () => {
  const held = { retires: [rename] };

  it.each([
    "CREATE INDEX ON t (a)",
    "ALTER TABLE t ADD CHECK (a > 0)",
    "ALTER TABLE t ALTER a TYPE bigint",
    "ALTER TABLE t ALTER b TYPE bigint",
    "ALTER TABLE t ALTER b SET NOT NULL",
    "ALTER TABLE t RENAME TO other",
    "DROP TABLE t",
  ])("%s", async (sql) => expect(await meets(sql, held)).toBe("renames a to b"));

  it.each([
    "CREATE INDEX ON t (b)",
    "ALTER TABLE t ADD CHECK (b > 0)",
    "CREATE INDEX ON t (c)",
    "CREATE INDEX ON other (a)",
    "ALTER TABLE t ALTER c SET NOT NULL",
  ])("not %s", async (sql) => expect(await meets(sql, held)).toBeNull());

  it("lets the old name be used again after the swap", async () => {
    expect(await meets("CREATE INDEX ON t (a)", held, true)).toBeNull();
    expect(await meets("DROP TABLE t", held, true)).toBe("renames a to b");
  });
});

it("lets nothing touch a table that a change has to itself", async () => {
  const held = { retires: [], claims: [{ relation, name: null, change: "renames t to u" }] };
  expect(await meets("ALTER TABLE t ADD COLUMN c int", held)).toBe("renames t to u");
  expect(await meets("CREATE INDEX ON t (a)", held)).toBe("renames t to u");
  expect(await meets("CREATE INDEX ON u (a)", held)).toBeNull();
});

it("lets what keeps a column stand beside what else keeps it, and nothing rename, retype or drop it", async () => {
  const held = { retires: [], claims: [{ relation, name: "a", change: "adds the check c", keeps: true as const }] };
  for (const sql of ["ADD UNIQUE (a)", "ALTER a SET DEFAULT 1", "ALTER a SET NOT NULL", "ALTER a SET STATISTICS 9"])
    expect(await meets(`ALTER TABLE t ${sql}`, held), sql).toBeNull();
  expect(await meets("CREATE INDEX ON t (a)", held)).toBeNull();
  for (const sql of ["ALTER a TYPE bigint", "RENAME a TO b", "DROP a", "RENAME TO u"])
    expect(await meets(`ALTER TABLE t ${sql}`, held), sql).toBe("adds the check c");
});

it("knows what an exchange of names would take away", async () => {
  const exchanged = [{ ...rename, exchanges: true }];
  const on = async (sql: string) => builtOnExchanged(exchanged, await operationOf(sql), "public")?.replacement ?? null;
  expect(await on("CREATE INDEX ON t (b)")).toBe("b");
  expect(await on("ALTER TABLE t ADD CONSTRAINT u UNIQUE (b)")).toBe("b");
  expect(await on("CREATE INDEX ON t (c)")).toBeNull();
  expect(await on("ALTER TABLE t ADD g text GENERATED ALWAYS AS (lower(b)) STORED")).toBe("b");
  expect(await on("ALTER TABLE t ADD q int CHECK (b <> 'z')")).toBe("b");
  expect(await on("CREATE TABLE ch (id int PRIMARY KEY, q text REFERENCES t (b))")).toBe("b");
  expect(await on("CREATE TABLE ch (id int PRIMARY KEY, q text REFERENCES t (c), b int)")).toBeNull();
});

it("knows what would be built on a column that goes", async () => {
  const held = claimsHeld({ retires: [rename] }, false);
  const on = async (sql: string) => builtOnGoing(held, await operationOf(sql), "public")?.name ?? null;
  expect(await on("ALTER TABLE t ADD q int CHECK (a <> 'z')")).toBe("a");
  expect(await on("CREATE TABLE ch (id int PRIMARY KEY, q text REFERENCES t (a))")).toBe("a");
  expect(await on("ALTER TABLE t ADD q int CHECK (b <> 'z')")).toBeNull();
});

it("lets a column that has a lent default be renamed or dropped, and nothing define it anew", async () => {
  const lends = { relation, name: "a", change: "lends a a default", lends: true as const };
  const held = { retires: [], claims: [lends] };
  for (const sql of ["RENAME a TO b", "DROP a", "ADD CHECK (a > 0)", "ALTER a SET NOT NULL", "ADD c int"])
    expect(await meets(`ALTER TABLE t ${sql}`, held), sql).toBeNull();
  for (const sql of ["ALTER a TYPE bigint", "ALTER a SET DEFAULT 1", "ALTER a DROP DEFAULT"])
    expect(await meets(`ALTER TABLE t ${sql}`, held), sql).toBe("lends a a default");
  const other = await operationOf("ALTER TABLE t RENAME c TO d");
  const lending = claimsMade(other, held);
  expect(overlap(claimsHeld(held, false), lending, other, "public")).toBeNull();
  expect(overlap(claimsHeld({ retires: [rename] }, false), lending, other, "public")).toBeNull();
  const retyped = { retires: [], claims: [{ relation, name: "a", change: "changes the type of a" }] };
  expect(overlap(claimsHeld(retyped, false), lending, other, "public")?.change).toBe("changes the type of a");
});

it("lets no trigger be made that would take a default that is lent for what was written", async () => {
  const lends = { relation, name: "a", change: "lends a a default", lends: true as const };
  const made = (when: string) => `CREATE TRIGGER g ${when} ON t FOR EACH ROW EXECUTE FUNCTION f()`;
  for (const when of ["BEFORE INSERT", "BEFORE INSERT OR DELETE", "BEFORE UPDATE"]) {
    expect(await meets(made(when), { retires: [rename], claims: [lends] }), when).toBe("lends a a default");
    expect(await meets(made(when), { retires: [rename] }), when).toBeNull();
  }
  for (const when of ["AFTER INSERT", "BEFORE DELETE"])
    expect(await meets(made(when), { retires: [], claims: [lends] }), when).toBeNull();
});

it("lets a change that copies an index wait while another column of it is exchanged, and nothing else", async () => {
  const shares = { relation, name: "a", change: "changes the type of c", shares: true as const };
  const retype = await operationOf("ALTER TABLE t ALTER c TYPE bigint");
  const wanted = claimsMade(retype, { retires: [], claims: [shares] });
  const met = (swapped: boolean) => overlap(claimsHeld({ retires: [rename] }, swapped), wanted, retype, "public");
  expect(met(false)).toMatchObject({ change: "renames a to b", shares: true });
  expect(met(true)).toBeNull();
  expect(overlap(claimsHeld({ retires: [], claims: [shares] }, false), wanted, retype, "public")).toBeNull();
  expect(await meets("ALTER TABLE t DROP a", { retires: [], claims: [shares] })).toBeNull();
});

it("lets no part of a definition come in front of one that says the whole of it again", async () => {
  const claim = { relation, name: "a", change: "changes a", keeps: true as const };
  const whole = { retires: [], claims: [{ ...claim, defines: "whole" as const }] };
  const part = { retires: [], claims: [{ ...claim, defines: "part" as const }] };
  const set = await operationOf("ALTER TABLE t ALTER a SET DEFAULT 1");
  const met = (held: typeof whole | typeof part, own: typeof whole | typeof part) =>
    overlap(claimsHeld(held, false), claimsMade(set, own), set, "public")?.change ?? null;
  expect(met(whole, part)).toBe("changes a");
  expect(met(part, part)).toBeNull();
  expect(await meets("ALTER TABLE t ADD CHECK (a > 0)", whole)).toBeNull();
});

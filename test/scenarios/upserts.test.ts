import { expect, it } from "vitest";
import { describeServers, query } from "../servers/index.js";
import { bareScene, numbers } from "./support/bare.js";
import type { Query, Work } from "./support/clients.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const ROWS = 2_000;
const TENANTS = 7;

/** What was written last, by `tenant/code`; null for a row that was deleted. */
type Written = Map<string, string | null>;

const codeOf = (n: number) => `c${String(n).padStart(5, "0")}`;

/** Both columns by a client that knows both, in one statement; a client of one release knows one. */
const columnsOf = (column: string) => (column === "both" ? ["label", "title"] : [column]);

function upsert(postgres: boolean, columns: readonly string[]): string {
  const insert = `INSERT INTO items (tenant, code, ${columns.join(", ")}) VALUES (?, ?, ${columns.map(() => "?").join(", ")})`;
  return postgres
    ? `${insert} ON CONFLICT (tenant, code) DO UPDATE SET ${columns.map((c) => `${c} = EXCLUDED.${c}`).join(", ")}`
    : `${insert} ON DUPLICATE KEY UPDATE ${columns.map((c) => `${c} = VALUES(${c})`).join(", ")}`;
}

/** Each client has rows of its own, one in four of all; it upserts, updates, deletes and puts back. */
function itemClient(postgres: boolean, column: string, share: number, rows: number, wrote: Written): Work {
  const columns = columnsOf(column);
  const isThere = (key: string, n: number) => (wrote.has(key) ? wrote.get(key) !== null : n < rows);
  return async (run: Query, turn: number, failures) => {
    const n = ((turn * 1_009) % (ROWS / 2)) * 4 + share;
    const [tenant, code, value] = [n % TENANTS, codeOf(n), `${column} ${turn}`];
    const values = columns.map(() => value);
    const before = failures.length;
    const what = turn % 5;
    if (what === 0) await run("DELETE FROM items WHERE tenant = ? AND code = ?", [tenant, code]);
    else if (what === 1 && !postgres)
      await run(
        `REPLACE INTO items (tenant, code, ${columns.join(", ")}) VALUES (?, ?, ${columns.map(() => "?").join(", ")})`,
        [tenant, code, ...values],
      );
    else if (what === 2 && isThere(`${tenant}/${code}`, n))
      await run(`UPDATE items SET ${columns.map((c) => `${c} = ?`).join(", ")} WHERE tenant = ? AND code = ?`, [
        ...values,
        tenant,
        code,
      ]);
    else await run(upsert(postgres, columns), [tenant, code, ...values]);
    if (failures.length === before) wrote.set(`${tenant}/${code}`, what === 0 ? null : value);
  };
}

/** Rows that are not what was written: too many, too few, or another value in one of the columns. */
async function wrong(url: string, columns: readonly string[], rows: number, wrote: Written): Promise<unknown[]> {
  const expected = new Map<string, string | null>(
    Array.from({ length: rows }, (_, i) => i).map((n) => [`${n % TENANTS}/${codeOf(n)}`, `label ${n}`]),
  );
  for (const [key, value] of wrote) expected.set(key, value);
  const found = await query(url, `SELECT CONCAT(tenant, '/', code) AS k, ${columns.join(", ")} FROM items`);
  const differ = found.filter((row) => columns.some((c) => row[c] !== expected.get(String(row.k))));
  const wanted = [...expected.values()].filter((value) => value !== null).length;
  return found.length === wanted ? differ : [...differ, `${found.length} rows, not ${wanted}`];
}

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();
  const postgres = server.name === "postgres";
  const text = postgres ? "varchar(100)" : "varchar(100) CHARACTER SET utf8mb4";
  const CREATE = `CREATE TABLE items (tenant int NOT NULL, code varchar(20) NOT NULL, n int NOT NULL DEFAULT 0, label ${text} NOT NULL, PRIMARY KEY (tenant, code))`;
  const MIGRATION = {
    rename: "-- zmigrate:batch rows=50 target=2ms\nALTER TABLE items RENAME COLUMN label TO title;\n",
  };

  for (const rows of [ROWS, 0])
    it(`keeps every upsert, replacement and delete of old, new and two-sided code, on ${rows} rows with a composite key`, async () => {
      const fill = `INSERT INTO items (tenant, code, label) SELECT MOD(i - 1, ${TENANTS}), CONCAT('c', LPAD(${postgres ? "(i - 1)::text" : "i - 1"}, 5, '0')), CONCAT('label ', i - 1) FROM (${numbers(rows)}) n`;
      const { url, project: p } = await bareScene(server, s, [CREATE, fill], MIGRATION);
      const wrote: Written = new Map();
      const old = await s.client(url, itemClient(postgres, "label", 0, rows, wrote));
      await works(p.run("apply", "--release", "r1", "--phase", "expand"));
      const fresh = await s.client(url, itemClient(postgres, "title", 1, rows, wrote));
      const both = await s.client(url, itemClient(postgres, "both", 2, rows, wrote));
      await new Promise((resolve) => setTimeout(resolve, 300));
      await works(p.run("apply", "--release", "r1"));
      for (const client of [old, both]) expect((await client.stop()).failures).toEqual([]);
      await works(p.run("apply", "--contract", "--require-contract", "--release", "r2"));
      await works(p.run("apply", "--contract", "--require-contract", "--release", "r3", "--park", "0"));
      const report = await fresh.stop();
      expect(report.failures).toEqual([]);
      expect(report.statements).toBeGreaterThan(30);
      expect(await wrong(url, ["title"], rows, wrote)).toEqual([]);
    });

  it("has both columns right while the backfill has not begun", async () => {
    const { url, project: p } = await bareScene(server, s, [CREATE], MIGRATION);
    await works(p.run("apply", "--release", "r1", "--phase", "expand"));
    const wrote: Written = new Map();
    const clients = await Promise.all(
      ["label", "title", "both"].map((column, share) => s.client(url, itemClient(postgres, column, share, 0, wrote))),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (const client of clients) expect((await client.stop()).failures).toEqual([]);
    expect(wrote.size).toBeGreaterThan(30);
    expect(await wrong(url, ["label", "title"], 0, wrote)).toEqual([]);
  });
});

describeServers(["mysql"], (server) => {
  const s = suite();

  it("rebuilds a table beside upserts that the server takes for duplicates, or says when to try again", async () => {
    const { url, project: p } = await bareScene(
      server,
      s,
      [
        "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, email varchar(90) NOT NULL, b varchar(50), pad text, n int NOT NULL DEFAULT 0, UNIQUE KEY ue (email))",
        `INSERT INTO t (email, b, pad) SELECT CONCAT('e', i), 'b', REPEAT('x', 3000) FROM (${numbers(10_000)}) x`,
      ],
      { strict: "ALTER TABLE t MODIFY b varchar(50) NOT NULL;\n" },
    );
    await works(p.run("apply", "--release", "r1"));
    const upserts: Work = async (run, turn) => {
      await run("INSERT INTO t (email, b) VALUES (?, 'x') ON DUPLICATE KEY UPDATE n = n + 1", [`e${1 + (turn % 50)}`]);
    };
    const clients = [await s.client(url, upserts), await s.client(url, upserts)];
    const short = await p.run("apply", "--contract", "--release", "r2", "--lock-timeout", "20ms");
    expect(short.code, short.stdout + short.stderr).toBe(3);
    expect(short.stdout).toContain("Once more while writers wait, for 20 ms at most");
    expect(short.stderr).toContain("no two rows are equal in ue");
    expect(short.stderr).toContain("again when such statements pause");
    await works(p.run("apply", "--contract", "--release", "r2", "--lock-timeout", "20s"));
    for (const client of clients) expect((await client.stop()).failures).toEqual([]);
    const isNullable = `SELECT is_nullable AS n FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 't' AND column_name = 'b'`;
    expect(await query(url, isNullable)).toEqual([{ n: "NO" }]);
  });
});

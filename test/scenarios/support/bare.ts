import { query, type TestServer } from "../../servers/index.js";
import { type Project, project } from "./cli.js";
import { works } from "./scene.js";
import type { Suite } from "./suite.js";

/** A database with tables of a test's own, and a folder with its migrations; both are given back after the test. */
export interface BareScene {
  readonly url: string;
  /** The database's name. */
  readonly database: string;
  readonly project: Project;
}

/**
 * @param setup statements that make the tables
 * @param migrations text by slug; their ids are 20260101000000, 20260102000000, ...
 */
export async function bareScene(
  server: TestServer,
  { after }: Suite,
  setup: readonly string[],
  migrations: Readonly<Record<string, string>>,
): Promise<BareScene> {
  const db = await server.createDatabase("bare");
  after(db.drop);
  for (const sql of setup) await query(db.url, sql);
  const p = project(db.url);
  after(async () => p.remove());
  await works(p.run("init", "--engine", server.name));
  for (const [n, [slug, sql]] of Object.entries(migrations).entries())
    p.write(`migrations/202601${String(n + 1).padStart(2, "0")}000000_${slug}.sql`, sql);
  return { url: db.url, database: db.name, project: p };
}

/** A query for numbers from 1 to `count` (at most 10,000) as `i`. */
export const numbers = (count: number): string => {
  const digits =
    "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
  return `SELECT i FROM (SELECT 1 + a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS i FROM ${digits} a CROSS JOIN ${digits} b CROSS JOIN ${digits} c CROSS JOIN ${digits} e) n WHERE i <= ${count}`;
};

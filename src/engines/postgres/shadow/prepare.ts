import { codeOf } from "../../error-code.js";
import type { Prepared } from "../../shadow.js";
import type { Described, Embedded } from "../trace/embedded.js";
import { leftOut } from "./left-out.js";
import { treeOf } from "./trees.js";
import { withWholeRows } from "./whole-rows.js";

/** `$1 IS NULL` says nothing of its type, and in `$1 IS NULL OR a = $1` it comes too late for the server. */
const UNTYPED: ReadonlySet<unknown> = new Set(["42P18", "42P08"]);
const WHICH = /parameter \$(\d+)$/;

/** What drivers send: text, bigint, uuid, timestamptz, date, numeric, boolean, text[], bigint[]. */
const TYPES = [25, 20, 2950, 1184, 1082, 1700, 16, 1009, 1016];

/** Nothing of these is the query's fault: a limit, an operator's hand, a file or memory that is not there, a defect. */
const NOT_OF_THE_QUERY = /^(?:42P18|42P08|5[34578]|XX|F0)/;

const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

/** What does not even parse says nothing of the schema. */
function refused(error: unknown): Prepared {
  const [code, reason] = [codeOf(error), wordsOf(error)];
  const untold = typeof code !== "string" || NOT_OF_THE_QUERY.test(code) || reason.startsWith("syntax error");
  return { kind: untold ? "unknown" : "breaks", reason };
}

/** A parameter whose type the server does not find is tried as each of those that drivers send. */
async function describe(db: Embedded, query: string, types: readonly number[] = []): Promise<Described> {
  try {
    return await db.describe(query, types);
  } catch (error) {
    const index = Number(WHICH.exec(wordsOf(error))?.[1] ?? 0) - 1;
    if (!UNTYPED.has(codeOf(error)) || index < 0 || (types[index] ?? 0) !== 0) throw error;
    for (const type of TYPES) {
      const filled = Array.from({ length: Math.max(types.length, index + 1) }, (_, i) => types[i] ?? 0);
      const found = await describe(db, query, filled.with(index, type)).catch(() => null);
      if (found !== null) return found;
    }
    throw error;
  }
}

/** Types by their names, which stay the same where a type was made anew. */
async function namesOf(db: Embedded, types: readonly number[]): Promise<readonly string[]> {
  if (types.length === 0) return [];
  const list = `'{${types.join(",")}}'::pg_catalog.oid[]`;
  const rows = await db.rows<{ name: string }>(
    `SELECT pg_catalog.format_type(t.type, NULL) AS name FROM unnest(${list}) WITH ORDINALITY AS t (type, n) ORDER BY t.n`,
  );
  return rows.map((r) => r.name);
}

/** Only a planner knows whether an index serves ON CONFLICT. Nothing is executed. */
function planning(query: string, types: readonly string[]): string {
  const [declared, given] = [types.join(", "), types.map(() => "NULL").join(", ")];
  const [takes, gives] = types.length === 0 ? ["", ""] : [` (${declared})`, ` (${given})`];
  return [
    "BEGIN",
    "SET LOCAL plan_cache_mode = force_generic_plan",
    `PREPARE zmigrate_query${takes} AS ${query}\n`,
    `EXPLAIN (COSTS OFF) EXECUTE zmigrate_query${gives}`,
  ].join(";\n");
}

/** The server prints the body of a function in SQL from what it has understood: names resolved, lists written out. */
async function meaningOf(db: Embedded, query: string, types: readonly string[]): Promise<string> {
  const name = "pg_temp.zmigrate_query";
  const made = `CREATE FUNCTION ${name} (${types.join(", ")}) RETURNS void BEGIN ATOMIC ${query}\n; END`;
  const asked = `SELECT pg_catalog.pg_get_function_sqlbody('${name}'::pg_catalog.regproc) AS body`;
  const [row] = await db.texts<{ body: string }>(`${made};\n${asked}`);
  return (row?.body ?? "").replace(/^BEGIN ATOMIC\s*/, "").replace(/;\s*END$/, "");
}

/** @throws what the server says of a query that it cannot plan */
async function understand(db: Embedded, query: string, types: readonly string[]): Promise<string> {
  try {
    await db.exec(planning(query, types));
    return await meaningOf(db, query, types).catch((cause: unknown) => {
      // Without a code: the query works, and it is only that nobody can tell what it means.
      throw new Error("the server does not say how it resolves it", { cause });
    });
  } finally {
    await db.exec("ROLLBACK; DEALLOCATE ALL");
  }
}

/**
 * Parses, resolves and plans a query in an embedded PostgreSQL, and takes back all that it needed for that. The query is
 * not executed, and it must be one SELECT, INSERT, UPDATE, DELETE or MERGE.
 *
 * @example
 * await prepare(db, "SELECT * FROM t WHERE id = $1")
 * // { kind: "works", columns: [{ name: "id", type: "integer" }], parameters: ["integer"], meaning: "SELECT t.id FROM t ..." }
 */
export async function prepare(db: Embedded, query: string): Promise<Prepared> {
  try {
    const described = await describe(db, query);
    const taken = described.parameters.length;
    const names = await namesOf(db, [...described.parameters, ...described.columns.map((c) => c.type)]);
    const [parameters, types] = [names.slice(0, taken), names.slice(taken)];
    const meaning = await understand(db, query, parameters);
    const tree = treeOf(meaning);
    const { missing, maybe } = await leftOut(db, tree);
    if (missing !== null) return { kind: "breaks", reason: missing };
    const columns = described.columns.map(({ name }, i) => ({ name, type: types[i] ?? "" }));
    return { kind: "works", columns, parameters, meaning: await withWholeRows(db, meaning, tree), leavesOut: maybe };
  } catch (error) {
    return refused(error);
  }
}

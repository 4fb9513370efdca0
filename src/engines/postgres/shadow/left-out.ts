import { literal, quote, quoteRelation } from "../names.js";
import type { Embedded } from "../trace/embedded.js";
import { nodesIn, type TableTree } from "./trees.js";

/** What an INSERT writes: its table and the columns that it names. */
interface Insert {
  readonly relation: string;
  readonly columns: readonly string[];
}

interface InsertTree {
  readonly relation?: TableTree;
  readonly cols?: readonly { readonly ResTarget?: { readonly name?: string } }[];
}

function insertOf({ relation, cols = [] }: InsertTree): Insert {
  return {
    relation: quoteRelation({ schema: relation?.schemaname ?? null, name: relation?.relname ?? "" }),
    columns: cols.flatMap((c) => c.ResTarget?.name ?? []),
  };
}

interface Strict {
  readonly name: string;
  /** The other columns of its table. */
  readonly others: readonly string[];
  /** Functions of triggers that fire before a row comes in and name the column: of zmigrate, and of the application. */
  readonly ours: readonly string[];
  readonly theirs: boolean;
}

/** Columns of a table that take no NULL and have nothing to put in its place; 7 of tgtype is ROW, BEFORE and INSERT. */
const strictColumns = ({ relation, columns }: Insert): string =>
  `SELECT pg_catalog.json_build_object('name', a.attname, 'others', o.names, 'ours', f.ours, 'theirs', f.theirs) AS strict
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(b.attname), '[]') AS names FROM pg_catalog.pg_attribute b
    WHERE b.attrelid = a.attrelid AND b.attnum > 0 AND NOT b.attisdropped AND b.attnum <> a.attnum) o
  CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(p.prosrc) FILTER (WHERE g.tgname ~ '^zzz_zmigrate_'), '[]') AS ours,
      coalesce(bool_or(g.tgname !~ '^zzz_zmigrate_'), false) AS theirs
    FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
    WHERE g.tgrelid = a.attrelid AND g.tgtype & 7 = 7 AND g.tgenabled IN ('O', 'A')
      AND pg_catalog.strpos(p.prosrc, a.attname::text) > 0) f
  WHERE a.attrelid = pg_catalog.to_regclass(${literal(relation)}) AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND y.typdefault IS NULL
    AND a.attname::text <> ALL (ARRAY[${columns.map(literal).join(", ")}]::text[])
  ORDER BY a.attnum`;

/** Our triggers fill a column by themselves, or from another one: which the INSERT must give then. */
function isFilled({ ours, others }: Strict, { columns }: Insert): boolean {
  return ours.some((source) => {
    const named = others.filter((other) => source.includes(quote(other)));
    return named.length === 0 || named.some((other) => columns.includes(other));
  });
}

/**
 * The columns that a query's INSERTs leave out although they must not be NULL: a server says so only when a row comes.
 *
 * @param tree of the query as the server prints it, with the list of columns of each INSERT
 * @returns in words what certainly fails, and the columns that a trigger of the application may fill
 */
export async function leftOut(
  db: Embedded,
  tree: unknown,
): Promise<{ readonly missing: string | null; readonly maybe: readonly string[] }> {
  const maybe: string[] = [];
  // WITH has some too.
  for (const insert of [...nodesIn(tree, "InsertStmt")].map((node) => insertOf(node as InsertTree)))
    for (const { strict } of await db.rows<{ strict: Strict }>(strictColumns(insert))) {
      if (isFilled(strict, insert)) continue;
      const column = `${insert.relation}.${quote(strict.name)}`;
      if (!strict.theirs)
        return { missing: `it leaves out ${column}, which is NOT NULL and has no default`, maybe: [] };
      maybe.push(column);
    }
  return { missing: null, maybe };
}

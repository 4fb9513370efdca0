import { literal, quoteRelation } from "../names.js";
import type { Embedded } from "../trace/embedded.js";
import { nodesIn, type TableTree } from "./trees.js";

interface ColumnTree {
  readonly fields?: readonly { readonly String?: { readonly sval?: string }; readonly A_Star?: object }[];
}

/** `t` of `row_to_json(t.*)`: every other star is written out in what the server prints. */
function rowsIn(tree: unknown): ReadonlySet<string> {
  const names = [...nodesIn(tree, "ColumnRef")].flatMap((node) => {
    const { fields = [] } = node as ColumnTree;
    const name = fields.at(-1)?.A_Star === undefined ? undefined : fields.at(-2)?.String?.sval;
    return name === undefined ? [] : [name];
  });
  return new Set(names);
}

const columnsOf = (relation: string): string =>
  `SELECT pg_catalog.string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, NULL), ', ' ORDER BY a.attnum) AS columns
  FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = pg_catalog.to_regclass(${literal(relation)}) AND a.attnum > 0 AND NOT a.attisdropped`;

/**
 * What a query means, with the columns of each table that it takes as a whole row (`row_to_json(t)`, `SELECT t FROM t`):
 * they are what the application sees of it.
 *
 * @param meaning the query as the server prints it
 * @param tree of it
 */
export async function withWholeRows(db: Embedded, meaning: string, tree: unknown): Promise<string> {
  const rows = rowsIn(tree);
  if (rows.size === 0) return meaning;
  const lines = [meaning];
  for (const node of nodesIn(tree, "RangeVar")) {
    const { schemaname = null, relname = "", alias } = node as TableTree;
    const name = alias?.aliasname ?? relname;
    if (!rows.has(name)) continue;
    const [found] = await db.rows<{ columns: string | null }>(
      columnsOf(quoteRelation({ schema: schemaname, name: relname })),
    );
    if (found?.columns != null) lines.push(`${name}.*: ${found.columns}`);
  }
  return lines.join("\n");
}

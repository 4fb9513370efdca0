import type { Constraint, InboundReference } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { commentOn } from "./comment.js";
import { NOT_OURS } from "./tables.js";

interface ConstraintRow {
  readonly oid: string;
  readonly type: string;
  readonly name: string;
  readonly columns: string[];
  readonly definition: string;
  readonly validated: boolean;
  readonly index: string | null;
  readonly comment: string | null;
  readonly target: string;
  readonly targetColumns: string[] | null;
  readonly schema: string;
  readonly table: string;
}

const KINDS: Readonly<Record<string, Constraint["kind"]>> = {
  p: "primary-key",
  u: "unique",
  c: "check",
  f: "foreign-key",
  x: "exclusion",
  n: "not-null",
};

/** Columns named by attribute numbers, in the constraint's order, as JSON text. */
const names = (relation: string, numbers: string) => `
  (SELECT pg_catalog.json_agg(a.attname::text ORDER BY k.n)
     FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY AS k(attnum, n)
     JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.attnum)::text`;

const CONSTRAINTS = `
  SELECT r.conrelid::text AS oid, r.contype::text AS type, r.conname::text AS name,
         ${names("r.conrelid", "r.conkey")} AS columns, pg_catalog.pg_get_constraintdef(r.oid) AS definition,
         r.convalidated AS validated, i.relname::text AS index,
         ${commentOn("r.oid", "pg_constraint")} AS comment, r.confrelid::text AS target,
         ${names("r.confrelid", "r.confkey")} AS "targetColumns", n.nspname::text AS schema, c.relname::text AS table
  FROM pg_catalog.pg_constraint r
  JOIN pg_catalog.pg_class c ON c.oid = r.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class i ON i.oid = r.conindid AND r.contype IN ('p', 'u', 'x')
  WHERE r.contype IN ('p', 'u', 'c', 'f', 'x', 'n') AND c.relkind IN ('r', 'p') AND ${NOT_OURS}
  ORDER BY r.conrelid, r.conname`;

export interface Constraints {
  readonly of: ReadonlyMap<string, readonly Constraint[]>;
  readonly inbound: ReadonlyMap<string, readonly InboundReference[]>;
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Constraints by table oid, and foreign keys by the oid that they point at. */
export async function readConstraints(session: Session): Promise<Constraints> {
  const rows = await session.query<
    Omit<ConstraintRow, "columns" | "targetColumns"> & { columns: string | null; targetColumns: string | null }
  >(CONSTRAINTS);
  const of = new Map<string, Constraint[]>();
  const inbound = new Map<string, InboundReference[]>();
  for (const row of rows) {
    const columns = JSON.parse(row.columns ?? "[]") as string[];
    const kind = KINDS[row.type] ?? "check";
    add(
      of,
      row.oid,
      Object.freeze({
        kind,
        name: row.name,
        columns,
        definition: row.definition,
        validated: row.validated,
        index: row.index,
        comment: row.comment,
      }),
    );
    if (kind !== "foreign-key") continue;
    const relation = { schema: row.schema, name: row.table };
    add(
      inbound,
      row.target,
      Object.freeze({ relation, constraint: row.name, columns: JSON.parse(row.targetColumns ?? "[]") as string[] }),
    );
  }
  return { of, inbound };
}

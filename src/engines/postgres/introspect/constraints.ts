import type { Constraint, InboundReference } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { commentOn } from "./comment.js";
import { type Among, IS_AMONG, NOT_OURS } from "./tables.js";

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
  WHERE r.contype IN ('p', 'u', 'c', 'f', 'x', 'n') AND c.relkind IN ('r', 'p') AND ${NOT_OURS} AND ${IS_AMONG}
  ORDER BY r.conrelid, r.conname`;

/** A constraint, and the table that it points at. */
interface Placed {
  readonly constraint: Constraint;
  /** Its oid, and how the constraint is seen from there; null where it is no foreign key. */
  readonly target: { readonly oid: string; readonly reference: InboundReference } | null;
}

/** Of each table, by its oid. */
export type ConstraintsByTable = ReadonlyMap<string, readonly Placed[]>;

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

type Row = Omit<ConstraintRow, "columns" | "targetColumns"> & { columns: string | null; targetColumns: string | null };

function placed(row: Row): Placed {
  const { name, definition, validated, index, comment } = row;
  const kind = KINDS[row.type] ?? "check";
  const columns = JSON.parse(row.columns ?? "[]") as string[];
  const constraint = Object.freeze({ kind, name, columns, definition, validated, index, comment });
  if (kind !== "foreign-key") return { constraint, target: null };
  const relation = { schema: row.schema, name: row.table };
  const targetColumns = JSON.parse(row.targetColumns ?? "[]") as string[];
  const reference = Object.freeze({ relation, constraint: name, columns: targetColumns });
  return { constraint, target: { oid: row.target, reference } };
}

/** The constraints of tables, by their oids. */
export async function readConstraints(session: Session, among: Among): Promise<ConstraintsByTable> {
  const byTable = new Map<string, Placed[]>();
  for (const row of await session.query<Row>(CONSTRAINTS, [among])) add(byTable, row.oid, placed(row));
  return byTable;
}

/** Foreign keys by the oid of the table that they point at. */
export function inboundReferences(byTable: ConstraintsByTable): ReadonlyMap<string, readonly InboundReference[]> {
  const inbound = new Map<string, InboundReference[]>();
  for (const [, all] of [...byTable].toSorted(([a], [b]) => Number(a) - Number(b)))
    for (const { target } of all) if (target !== null) add(inbound, target.oid, target.reference);
  return inbound;
}

import type { DomainDetail, UserType } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { NOT_OURS } from "./tables.js";

interface TypeRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: UserType["kind"];
  readonly base: string | null;
  readonly constrained: boolean;
  readonly default: string | null;
  readonly checks: string | null;
}

/** A domain is constrained when it, or any domain that it is over, has a check or NOT NULL. Row types of tables are none. */
const TYPES = `
  WITH RECURSIVE over (oid, base) AS (
    SELECT t.oid, t.oid FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
    UNION
    SELECT o.oid, t.typbasetype FROM over o JOIN pg_catalog.pg_type t ON t.oid = o.base WHERE t.typtype = 'd')
  SELECT n.nspname::text AS schema, t.typname::text AS name,
         CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite' WHEN 'b' THEN 'base' ELSE 'range' END AS kind,
         CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END AS base,
         EXISTS (SELECT FROM over o JOIN pg_catalog.pg_type d ON d.oid = o.base
                 WHERE o.oid = t.oid AND (d.typnotnull OR EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.contypid = d.oid))) AS constrained,
         pg_catalog.pg_get_expr(t.typdefaultbin, 0) AS default,
         (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', k.conname, 'definition', pg_catalog.pg_get_constraintdef(k.oid)) ORDER BY k.conname)
            FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')::text AS checks
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE (t.typtype IN ('e', 'd', 'r', 'm') OR t.typtype = 'b' AND t.typelem = 0 OR c.relkind = 'c') AND ${NOT_OURS}
  ORDER BY 1, 2`;

function typeOf({ schema, name, kind, base, constrained, ...row }: TypeRow): UserType {
  const checks = Object.freeze(JSON.parse(row.checks ?? "[]") as DomainDetail["checks"]);
  const domain = kind === "domain" ? { domain: Object.freeze({ checks }), default: row.default } : {};
  return Object.freeze({ relation: Object.freeze({ schema, name }), kind, base, constrained, ...domain });
}

/** The application's own types, and those of its extensions. */
export async function readTypes(session: Session): Promise<readonly UserType[]> {
  return Object.freeze((await session.query<TypeRow>(TYPES)).map(typeOf));
}

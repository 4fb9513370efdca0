import { body, strings } from "../parse/ast.js";
import { readFragment } from "../parse/fragment.js";

/** PostgreSQL's own types, and base types that well-known extensions bring: none of them is a domain. */
const BASE_TYPES: ReadonlySet<string> = new Set(
  `
  aclitem bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 gtsvector inet
  int2 int2vector int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg
  macaddr macaddr8 money name numeric nummultirange numrange oid oidvector path pg_lsn pg_snapshot point polygon
  refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure
  regrole regtype text tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange
  tsvector txid_snapshot uuid varbit varchar xid xid8 xml
  citext cube geography geometry halfvec hstore ltree lquery ltxtquery raster seg sparsevec vector
  `
    .trim()
    .split(/\s+/),
);

/** Types without equality: DISTINCT, GROUP BY and UNION over them are errors. */
const UNCOMPARABLE: ReadonlySet<string> = new Set(["json", "xml", "point"]);

/** What a type's text names. */
export interface TypeFacts {
  /** False when it may be a domain, whose constraints are checked row by row. */
  readonly base: boolean;
  /** DISTINCT, GROUP BY and UNION work on it. */
  readonly comparable: boolean;
}

/** Facts of a type as a column definition writes it. What cannot be read may be anything. */
export function typeFacts(type: string): TypeFacts {
  const fragment = readFragment("SELECT NULL::", type, "");
  const target = typeof fragment === "string" ? null : body(fragment.node, "SelectStmt")?.targetList?.[0];
  const name = body(body(target ?? undefined, "ResTarget")?.val, "TypeCast")?.typeName;
  const parts = strings(name?.names);
  const last = parts.at(-1) ?? "";
  // An array of a domain is no domain: PostgreSQL looks at the column's own type only.
  if (name?.arrayBounds !== undefined) return { base: true, comparable: !UNCOMPARABLE.has(last) };
  const own = parts[0] === "pg_catalog" || parts.length === 1;
  return { base: own && (parts[0] === "pg_catalog" || BASE_TYPES.has(last)), comparable: !UNCOMPARABLE.has(last) };
}

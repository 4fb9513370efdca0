import type { Node, TypeName as TypeNode } from "libpg-query";
import type { Catalog, UserType } from "../../../model/catalog.js";
import { lookUpType } from "../../table-lookup.js";
import { body, strings } from "../parse/ast.js";
import { readFragment } from "../parse/fragment.js";
import { remembered } from "./remember.js";

/** A type as PostgreSQL's parser understands it. */
export interface TypeName {
  /** `pg_catalog` for PostgreSQL's own. */
  readonly schema: string | null;
  /** PostgreSQL's own name: `int4`, `varchar`, `timestamptz`. */
  readonly name: string;
  /** Length, precision and scale, an interval's fields; null where none are written. */
  readonly modifiers: readonly number[] | null;
  readonly array: boolean;
}

/** Types with a name of their own in the grammar, or in `pg_catalog`. */
const OWN: ReadonlySet<string> = new Set(
  `
  aclitem bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 gtsvector inet
  int2 int2vector int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg
  macaddr macaddr8 money name numeric nummultirange numrange oid oidvector path pg_lsn pg_snapshot point polygon
  refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure
  regrole regtype text tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange
  tsvector txid_snapshot uuid varbit varchar xid xid8 xml
  `
    .trim()
    .split(/\s+/),
);

/** Base types that well-known extensions bring: none of them is a domain. */
const OF_EXTENSIONS: ReadonlySet<string> = new Set(
  `
  citext cube geography geometry halfvec hstore ltree lquery ltxtquery raster seg sparsevec vector
  `
    .trim()
    .split(/\s+/),
);

const SERIALS: Readonly<Record<string, string>> = Object.freeze({
  serial: "int4",
  serial4: "int4",
  bigserial: "int8",
  serial8: "int8",
  smallserial: "int2",
  serial2: "int2",
});

/** A type's text read; null when it is none. A serial type is the integer that it makes. */
export const typeName = remembered(readType);

function readType(text: string): TypeName | null {
  const fragment = readFragment("SELECT NULL::", text, "");
  const target = typeof fragment === "string" ? null : body(fragment.node, "SelectStmt")?.targetList?.[0];
  const read = body(body(target ?? undefined, "ResTarget")?.val, "TypeCast")?.typeName;
  return read === undefined ? null : fromTree(read);
}

/** The same from the parser's tree. */
export function fromTree(read: TypeNode): TypeName {
  const parts = strings(read.names);
  const last = parts.at(-1) ?? "";
  const serial = parts.length === 1 ? SERIALS[last] : undefined;
  const name = serial ?? last;
  const own = parts[0] === "pg_catalog" || serial !== undefined || (parts.length === 1 && OWN.has(name));
  return {
    schema: own ? "pg_catalog" : (parts.at(-2) ?? null),
    name,
    modifiers: read.typmods === undefined ? null : numbers(read.typmods),
    array: read.arrayBounds !== undefined,
  };
}

function numbers(nodes: readonly Node[]): number[] {
  return nodes.map((n) => body(n, "A_Const")?.ival?.ival ?? 0);
}

/** The application's own type of this name: null for PostgreSQL's and for what is not known. */
export function userType(type: TypeName, catalog: Catalog): UserType | null {
  if (type.schema === "pg_catalog") return null;
  const found = lookUpType(catalog, { schema: type.schema, name: type.name });
  if (found !== undefined) return found;
  const schema = type.schema ?? catalog.defaultSchema;
  const types = catalog.types ?? [];
  return (
    types.find((t) => t.relation.name === type.name && (t.relation.schema ?? catalog.defaultSchema) === schema) ?? null
  );
}

/** False when it may be a domain: neither PostgreSQL's own, nor a well-known extension's, nor known as something else. */
export function isBase(type: TypeName, catalog: Catalog): boolean {
  if (type.schema === "pg_catalog" || isOfExtension(type)) return true;
  const known = userType(type, catalog);
  return known !== null && known.kind !== "domain";
}

export function isOfExtension(type: TypeName): boolean {
  return OF_EXTENSIONS.has(type.name) && type.schema !== "pg_catalog";
}

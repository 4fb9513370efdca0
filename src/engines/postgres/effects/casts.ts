/**
 * PostgreSQL's own casts between base types, from `pg_cast` of PostgreSQL 18; those of the `reg...` types apart from oid
 * are left out. casts.test.ts compares both lists with a running server.
 */
function pairs(lines: string): ReadonlySet<string> {
  const rows = lines.trim().split("\n");
  return new Set(
    rows.flatMap((row) => {
      const [from = "", ...to] = row.trim().split(/\s+/);
      return to.map((t) => `${from} ${t}`);
    }),
  );
}

/** The value's bytes are the same in both types: nothing need be written. */
const BINARY = pairs(`
  bit varbit
  cidr inet
  int4 oid
  oid int4
  text bpchar varchar
  varbit bit
  varchar bpchar text
  xml bpchar text varchar
`);

/** Done without being asked for, when a column changes its type. Everything can become text, varchar, bpchar or name. */
const ASSIGNMENT = pairs(`
  bit varbit
  bool bpchar text varchar
  box polygon
  bpchar char name text varchar
  char bpchar text varchar
  cidr bpchar inet text varchar
  date timestamp timestamptz
  float4 float8 int2 int4 int8 numeric
  float8 float4 int2 int4 int8 numeric
  inet bpchar cidr text varchar
  int2 float4 float8 int4 int8 numeric oid
  int4 float4 float8 int2 int8 money numeric oid
  int8 float4 float8 int2 int4 money numeric oid
  interval time
  json jsonb
  jsonb json
  macaddr macaddr8
  macaddr8 macaddr
  money numeric
  name bpchar text varchar
  numeric float4 float8 int2 int4 int8 money
  oid int4 int8
  path polygon
  point box
  polygon path
  text bpchar char name varchar
  time interval timetz
  timestamp date time timestamptz
  timestamptz date time timestamp timetz
  timetz time
  varbit bit
  varchar bpchar char name text
  xml bpchar text varchar
`);

const STRINGS: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "name"]);

/** Both of PostgreSQL's own types, by the names that `TypeName` has. */
export function isBinary(from: string, to: string): boolean {
  return BINARY.has(`${from} ${to}`);
}

/** Whether a value becomes the other type without USING. */
export function isAssignable(from: string, to: string): boolean {
  return from === to || STRINGS.has(to) || ASSIGNMENT.has(`${from} ${to}`);
}

/** For the test that compares with a server. */
export const CASTS = Object.freeze({ binary: BINARY, assignment: ASSIGNMENT });

import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Version } from "../../engine.js";
import { withoutDefaultRights } from "../default-rights.js";
import { literal, quote, quoteRelation } from "../names.js";
import { isAtLeast } from "./versions.js";

/** A view that shows a table, or another view, under another name. */
export interface StandIn {
  readonly of: "TABLE" | "VIEW";
  readonly columns: readonly (Pick<Column, "name" | "grants"> & { readonly default: string | null })[];
  /** `GRANT SELECT ON %table% TO "reader"`. */
  readonly grants: readonly string[];
  /** Present, and true, where some role may read single columns, and not all. */
  readonly narrow?: true;
}

/**
 * From 15 on a view asks for the rights of who reads it, and row security is that of who reads it. It asks for all of its
 * columns, even those that a statement does not name: who may read some of them alone needs one that asks for its owner's.
 */
export const asksInvoker = (version: Version, { narrow }: Pick<StandIn, "narrow"> = {}): boolean =>
  isAtLeast(version, 15) && narrow !== true;

const SELECT = /^GRANT SELECT(?: \((%column%|"(?:[^"]|"")+")\))? ON %table% TO (.*?)(?: WITH GRANT OPTION)?$/s;

/** Whether a role may read single columns, and not all: neither by itself nor as everybody may. */
export function readsSomeOnly({ columns, grants }: Pick<StandIn, "columns" | "grants">): boolean {
  const given = [
    ...grants.map((grant) => ({ grant, on: "" })),
    ...columns.flatMap((c) => c.grants.map((grant) => ({ grant, on: quote(c.name) }))),
  ].flatMap(({ grant, on }) => {
    const [, place, role = ""] = SELECT.exec(grant) ?? [];
    return role === "" ? [] : [{ role, column: place === "%column%" ? on : (place ?? null) }];
  });
  const reads = (role: string, column: string) =>
    given.some((g) => (g.role === role || g.role === "PUBLIC") && (g.column === null || g.column === column));
  return given.some(({ role }) => !columns.every((c) => reads(role, quote(c.name))));
}

/** Whose rows row security would hide, sees none by a view that does not ask who reads it, and writes none. */
const withoutRowSecurity = (table: RelationName): string =>
  ` WHERE NOT pg_catalog.row_security_active(${literal(quoteRelation(table))}::pg_catalog.regclass) WITH LOCAL CHECK OPTION`;

/** Who owns the table may use it without having been granted that, and may not be who makes the view. */
function rightsOfOwner(view: RelationName, table: RelationName): string {
  const oid = (of: RelationName) => `${literal(quoteRelation(of))}::pg_catalog.regclass`;
  return `
  SELECT pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(t.relowner)) INTO role FROM pg_catalog.pg_class t, pg_catalog.pg_class v
   WHERE t.oid = ${oid(table)} AND v.oid = ${oid(view)} AND t.relowner <> v.relowner;
  IF FOUND THEN EXECUTE ${literal(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${quoteRelation(view)} TO `)} || role; END IF;`;
}

/** Makes `view` show `table`, readable and writable by those who may read and write the table. */
export function createStandIn(view: RelationName, table: RelationName, standIn: StandIn, version: Version): string[] {
  const { of, columns, grants } = standIn;
  const names = columns.map((c) => quote(c.name)).join(", ");
  const asks = asksInvoker(version, standIn);
  const how = asks ? " WITH (security_invoker = true)" : "";
  const where = asks || of === "VIEW" ? "" : withoutRowSecurity(table);
  const address = quoteRelation(view);
  const on = (template: string, column = "") =>
    template.replace("%column%", () => quote(column)).replace("%table%", () => address);
  return [
    `CREATE VIEW ${address}${how} AS SELECT ${names} FROM ${quoteRelation(table)}${where}`,
    // An UPDATE to DEFAULT, and what an upsert or MERGE sets to it, would write NULL: they ask the view.
    ...columns.flatMap((c) =>
      c.default === null ? [] : [`ALTER VIEW ${address} ALTER COLUMN ${quote(c.name)} SET DEFAULT ${c.default}`],
    ),
    withoutDefaultRights({ kind: "VIEW", address }, rightsOfOwner(view, table)),
    // What is about an index or a trigger is no right on a view.
    ...grants.filter((g) => !/^GRANT (?:TRUNCATE|REFERENCES|TRIGGER|MAINTAIN)\b/.test(g)).map((g) => on(g)),
    ...columns.flatMap((c) => c.grants.filter((g) => !/^GRANT REFERENCES\b/.test(g)).map((g) => on(g, c.name))),
  ];
}

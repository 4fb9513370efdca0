import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import type { Version } from "../../engine.js";
import { quote, quoteRelation } from "../names.js";
import { isAtLeast } from "./versions.js";

/** A view that shows a table under another name. */
export interface StandIn {
  readonly columns: readonly Pick<Column, "name" | "grants">[];
  /** `GRANT SELECT ON %table% TO "reader"`. */
  readonly grants: readonly string[];
}

/** From 15 on a view asks for the rights of who reads it, and row security is that of who reads it. */
export const asksInvoker = (version: Version): boolean => isAtLeast(version, 15);

/** Makes `view` show `table`, readable and writable by those who may read and write the table. */
export function createStandIn(
  view: RelationName,
  table: RelationName,
  { columns, grants }: StandIn,
  version: Version,
): string[] {
  const names = columns.map((c) => quote(c.name)).join(", ");
  const how = asksInvoker(version) ? " WITH (security_invoker = true)" : "";
  const on = (template: string, column = "") =>
    template.replace("%column%", () => quote(column)).replace("%table%", () => quoteRelation(view));
  return [
    `CREATE VIEW ${quoteRelation(view)}${how} AS SELECT ${names} FROM ${quoteRelation(table)}`,
    // What is about an index or a trigger is no right on a view.
    ...grants.filter((g) => !/^GRANT (?:TRUNCATE|REFERENCES|TRIGGER|MAINTAIN)\b/.test(g)).map((g) => on(g)),
    ...columns.flatMap((c) => c.grants.filter((g) => !/^GRANT REFERENCES\b/.test(g)).map((g) => on(g, c.name))),
  ];
}

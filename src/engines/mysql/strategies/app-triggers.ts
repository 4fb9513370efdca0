import type { StoredObject, Table } from "../../../model/catalog.js";
import { sameRelation } from "../../engine.js";
import type { MysqlContext } from "./algorithms.js";
import { names } from "./subject.js";

/** What the server prints of a trigger's head: `CREATE DEFINER=... TRIGGER ... BEFORE INSERT ON ...`. */
const HEAD = /\bTRIGGER\b.*?\b(BEFORE|AFTER)\s+(INSERT|UPDATE|DELETE)\s+ON\b/is;

type Event = "INSERT" | "UPDATE";

/** One that this user may not read may be any. */
function isBefore({ restore }: StoredObject, events: readonly Event[]): boolean {
  const head = restore?.map((sql) => HEAD.exec(sql)).find((found) => found !== null);
  return head === undefined || (/before/i.test(head[1] ?? "") && events.some((e) => e === head[2]?.toUpperCase()));
}

/** The application's triggers that fire before a row of the table is written, by one of these events: their names. */
export function triggersBefore(table: Table, { catalog }: MysqlContext, events: readonly Event[]): string[] {
  const here = (o: StoredObject) => o.on !== null && sameRelation(o.on, table.relation, catalog.defaultSchema);
  const stored = (catalog.objects ?? []).filter((o) => o.object === "trigger" && o.gone !== true && here(o));
  const shaped = table.dependents.filter(({ trigger }) =>
    events.some((e) => trigger?.timing === "before" && trigger.events.some((made) => made.toUpperCase() === e)),
  );
  const found = [...stored.filter((o) => isBefore(o, events)).map((o) => o.name.name), ...shaped.map((d) => d.name)];
  return [...new Set(found)];
}

/** The application has one that makes MariaDB ask for what an INSERT leaves out: none of ours lends to other columns then. */
export const isGuarded = (table: Table, context: MysqlContext): boolean =>
  triggersBefore(table, context, ["INSERT", "UPDATE"]).length > 0;

/** Those of them that name the column, and so may see whether an INSERT has left it out. */
export function triggersThatSee(table: Table, column: string, context: MysqlContext): string[] {
  const naming = new Set(
    table.dependents
      .filter((d) => d.kind === "trigger" && (d.trigger !== undefined || names(column)(d)))
      .map((d) => d.name),
  );
  return triggersBefore(table, context, ["INSERT"]).filter((name) => naming.has(name));
}

import type { Index, Table } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { DetailOf } from "../model/operation-detail.js";
import type { Known } from "./known.js";
import { ownerOf } from "./known-tables.js";
import { changeTable } from "./tables.js";

const named = (parts: readonly string[]): RelationName => ({ schema: parts.at(-2) ?? null, name: parts.at(-1) ?? "" });

/** The one part of this name with another comment. */
const saidOf = <P extends { readonly name: string }>(parts: readonly P[], name: string, comment: string | null) =>
  parts.map((part) => (part.name === name ? Object.freeze({ ...part, comment }) : part));

/** COMMENT ON (PostgreSQL): what takes the place of a column, an index or a constraint is made with its comment. */
export function applyComment(known: Known, { on, names = [], text }: DetailOf<"comment">): Known {
  const name = names.at(-1) ?? "";
  const table = named(names.slice(0, -1));
  switch (on) {
    case "table":
      return changeTable(known, named(names), (t) => ({ ...t, comment: text }));
    case "column":
      return changeTable(known, table, (t) => ({ ...t, columns: saidOf(t.columns, name, text) }));
    case "tabconstraint":
      return changeTable(known, table, (t) => ({ ...t, constraints: saidOf(t.constraints, name, text) }));
    case "index": {
      const owner = ownerOf(known, named(names));
      if (owner === null) return known;
      return changeTable(known, owner.relation, (t) => ({ ...t, indexes: saidOf(t.indexes, name, text) }));
    }
    default:
      return known;
  }
}

/** `CLUSTER ON` and `REPLICA IDENTITY` (PostgreSQL): one index at most is the one. */
export function withMarks(table: Table, { option, value }: DetailOf<"set-table-option">): Table {
  const marked = (mark: keyof Index, name: string | null): Table => ({
    ...table,
    indexes: table.indexes.map((i) =>
      (i[mark] === true) === (i.name === name) ? i : Object.freeze({ ...i, [mark]: i.name === name }),
    ),
  });
  if (option === "CLUSTER ON") return marked("clustered", value);
  if (option !== "REPLICA IDENTITY") return table;
  const index = /^INDEX (.*)$/s.exec(value ?? "")?.[1] ?? null;
  const identity = value === "FULL" ? "full" : value === "NOTHING" ? "nothing" : "default";
  return { ...marked("replicaIdentity", index), replicaIdentity: identity };
}

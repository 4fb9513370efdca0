import { type KeyColumn, prefixIn } from "../src/engines/mysql/effects/key-bytes.js";
import { indexParts } from "../src/engines/mysql/index-parts.js";
import type { ColumnDefinition, IndexKey, Operation, TableConstraint } from "../src/model/operation.js";
import { detailOf } from "./understood.js";

/** A key or an index as a statement makes it. */
export interface Key {
  readonly kind: "primary-key" | "unique" | "index";
  readonly columns: readonly string[];
  /** Columns that it takes whole: neither FULLTEXT nor SPATIAL, nor a prefix. */
  readonly whole: readonly string[];
  /** Its columns with how much of each it takes; empty where it is FULLTEXT, SPATIAL or the like, or an expression is in it. */
  readonly parts: readonly KeyColumn[];
}

/** MySQL and MariaDB do not tell columns apart by case. */
export const isOne = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `KEY k (a, b(10))`: a column with a bracket behind it is taken in part. */
function written({ kind, columns, text }: TableConstraint): Key | null {
  if (kind !== "primary-key" && kind !== "unique" && kind !== "index") return null;
  const special = /^\s*(?:fulltext|spatial|vector)\b/i.test(text);
  const parts = text.slice(text.indexOf("(") + 1);
  const isPart = (name: string) =>
    new RegExp(`(?:^|[\\s,(])\`?${name.replace(/\W/g, "\\$&")}\`?\\s*\\(`, "i").test(parts);
  const expression = /[(,]\s*\(/.test(text);
  const whole = special || expression ? [] : columns.filter((name) => !isPart(name));
  return { kind, columns, whole, parts: special ? [] : partsIn(text) };
}

/** The columns in the list of a key's text. */
export function partsIn(text: string): readonly KeyColumn[] {
  const parts = indexParts(text, "mysql")?.parts ?? [];
  const all = parts.flatMap(({ column }) =>
    column === null ? [] : [{ name: column.name, prefix: prefixIn(column.rest) }],
  );
  return all.length === parts.length ? all : [];
}

const inline = ({ name, primaryKey, unique }: ColumnDefinition): readonly Key[] => {
  const one = { columns: [name], whole: [name], parts: [{ name, prefix: null }] };
  return [
    ...(primaryKey ? [{ kind: "primary-key" as const, ...one }] : []),
    ...(unique ? [{ kind: "unique" as const, ...one }] : []),
  ];
};

const wholeOf = (keys: readonly IndexKey[]): readonly string[] =>
  keys.flatMap(({ column, text }) => (column === null || text.includes("(") ? [] : [column]));

/** The keys that one operation makes. */
export function keysOf(operation: Operation): readonly Key[] {
  if (operation.kind === "create-table")
    return [...operation.columns.flatMap(inline), ...operation.constraints.flatMap((c) => written(c) ?? [])];
  if (operation.kind === "add-column") return inline(operation.column);
  if (operation.kind === "create-index") {
    const whole = operation.method === null || operation.method === "btree" ? wholeOf(operation.keys) : [];
    const columns = operation.keys.flatMap(({ column }) => column ?? []);
    const plain = operation.method === null || operation.method === "btree";
    const parts = plain ? partsIn(`(${operation.keys.map(({ text }) => text).join(", ")})`) : [];
    return [{ kind: operation.unique ? "unique" : "index", columns, whole, parts }];
  }
  const added = detailOf(operation, "add-constraint")?.constraint;
  return added === undefined ? [] : [written(added) ?? []].flat();
}

import type { ColumnDefinition, IndexKey, Operation, TableConstraint } from "../src/model/operation.js";
import { detailOf } from "./understood.js";

/** A key or an index as a statement makes it. */
export interface Key {
  readonly kind: "primary-key" | "unique" | "index";
  readonly columns: readonly string[];
  /** Columns that it takes whole: neither FULLTEXT nor SPATIAL, nor a prefix. */
  readonly whole: readonly string[];
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
  return { kind, columns, whole: special || expression ? [] : columns.filter((name) => !isPart(name)) };
}

const inline = ({ name, primaryKey, unique }: ColumnDefinition): readonly Key[] => {
  const one = { columns: [name], whole: [name] };
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
    return [{ kind: operation.unique ? "unique" : "index", columns, whole }];
  }
  const added = detailOf(operation, "add-constraint")?.constraint;
  return added === undefined ? [] : [written(added) ?? []].flat();
}

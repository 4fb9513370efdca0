import { findTable } from "../src/engines/engine.js";
import { isOne, type Key, keysOf } from "./keys-made.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";

/** Each unique key must have all columns that partitions go by: a partition looks for duplicates in itself only. */
export function unpartitioned(
  keys: readonly Key[],
  by: readonly string[],
  { engine }: Pick<RuleContext, "engine">,
): Missing | null {
  const unique = keys.filter(({ kind }) => kind !== "index");
  const lacks = (key: Key) =>
    by.find((column) => !key.columns.some((one) => (engine.name === "postgres" ? one === column : isOne(one, column))));
  const found = unique.find((key) => lacks(key) !== undefined);
  if (found === undefined) return null;
  const column = engine.quote(lacks(found) ?? "");
  const code = engine.name === "postgres" ? "0A000" : "1503";
  return {
    what: `a key over ${found.columns.map((c) => engine.quote(c)).join(", ")} lacks ${column}, which partitions go by (${code})`,
    help: `Put ${column} into the key.`,
  };
}

/** PostgreSQL: a unique key of a table with partitions that lacks what they go by; null where it does not for certain. */
export function withoutPartitionKey(asked: Pick<RuleContext, "operation" | "catalog" | "engine">): Missing | null {
  const { operation, catalog, engine } = asked;
  if (engine.name !== "postgres") return null;
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const own = operation.kind === "create-table" && table === null ? operation.partitioning?.columns : undefined;
  const by = own ?? table?.partitionKey ?? [];
  // USING INDEX names no columns.
  const keys = by.length === 0 ? [] : keysOf(operation).filter(({ columns }) => columns.length > 0);
  return unpartitioned(keys, by, asked);
}

import type { Table } from "../../../../model/catalog.js";
import type { PartitionBound } from "../../../../model/detail/partition.js";
import { quote } from "../../names.js";

/** A bound as ATTACH PARTITION takes it. */
export const boundClause = ({ kind, text }: PartitionBound): string => {
  if (kind === "default") return "DEFAULT";
  if (kind === "modulus") return `FOR VALUES WITH (${text})`;
  return kind === "in" ? `FOR VALUES IN (${text})` : `FOR VALUES ${text}`;
};

const RANGE = /^FROM\s*\((.+)\)\s*TO\s*\((.+)\)$/is;

const isOpen = (limit: string) => /^(?:MINVALUE|MAXVALUE)$/i.test(limit.trim());

/**
 * The condition that holds for the rows of a partition, so that a validated check of it proves the bound; null where
 * none can be written: a key of several columns or an expression, a list with NULL, DEFAULT, and a hash, whose constraint
 * names the parent by its number.
 */
export function conditionOf(bound: PartitionBound, parent: Table): string | null {
  const [key, ...more] = parent.partitionKey ?? [];
  if (key === undefined || more.length > 0) return null;
  const column = quote(key);
  if (bound.kind === "in")
    return /\bNULL\b/i.test(bound.text) ? null : `${column} IS NOT NULL AND ${column} IN (${bound.text})`;
  const [, from = "", to = ""] = RANGE.exec(bound.text.trim()) ?? [];
  if (bound.kind !== "from-to" || from === "") return null;
  const limits = [isOpen(from) ? [] : [`${column} >= ${from.trim()}`], isOpen(to) ? [] : [`${column} < ${to.trim()}`]];
  return [`${column} IS NOT NULL`, ...limits.flat()].join(" AND ");
}

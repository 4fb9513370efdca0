import type { PartitionSpec } from "libpg-query";
import type { Partitioning } from "../../../../model/detail/partition.js";
import { bodies } from "../ast.js";
import { bracketed, type Run, type Source, textOf, tokenAt } from "../source.js";

const METHODS: Readonly<Record<string, Partitioning["method"]>> = Object.freeze({
  PARTITION_STRATEGY_LIST: "list",
  PARTITION_STRATEGY_RANGE: "range",
  PARTITION_STRATEGY_HASH: "hash",
});

/** PARTITION BY; null for a method that is not known. */
export function partitioning(source: Source, spec: PartitionSpec, run: Run): Partitioning | null {
  const method = METHODS[spec.strategy ?? ""];
  if (method === undefined) return null;
  const from = tokenAt(source.tokens, source.at(spec.location ?? 0));
  const inside = bracketed(source, { from, to: run.to });
  const elements = bodies(spec.partParams, "PartitionElem");
  const named = elements.every((e) => e.name !== undefined);
  return Object.freeze({
    method,
    variant: null,
    columns: Object.freeze(named ? elements.map((e) => e.name ?? "") : []),
    expression: named || inside === null ? null : textOf(source, inside),
    count: null,
    subpartitioning: null,
    partitions: Object.freeze([]),
  });
}

import type { PartitionBoundSpec } from "libpg-query";
import type { PartitionBound } from "../../../../model/detail/partition.js";
import { bracketed, findKeyword, type Run, type Source, textOf } from "../source.js";

/** Which rows a partition takes. `run` holds FOR VALUES or DEFAULT, and nothing in front that has brackets. */
export function partitionBound(source: Source, spec: PartitionBoundSpec, run: Run): PartitionBound {
  if (spec.is_default === true) return Object.freeze({ kind: "default", text: "", rest: true });
  const values = findKeyword(source, run, "VALUES");
  const from = values === null ? run.from : values + 1;
  return Object.freeze({ kind: kindOf(spec), text: boundText(source, spec, { from, to: run.to }), rest: false });
}

function kindOf({ strategy }: PartitionBoundSpec): PartitionBound["kind"] {
  if (strategy === "h") return "modulus";
  return strategy === "l" ? "in" : "from-to";
}

/** `FROM (1) TO (2)` is kept whole; of the others what stands in the brackets. */
function boundText(source: Source, spec: PartitionBoundSpec, run: Run): string {
  const inside = bracketed(source, run);
  if (inside === null) return "";
  if (spec.strategy !== "r") return textOf(source, inside);
  const to = findKeyword(source, run, "TO");
  const upper = to === null ? null : bracketed(source, { from: to, to: run.to });
  return upper === null ? textOf(source, inside) : textOf(source, { from: run.from, to: upper.to + 1 });
}

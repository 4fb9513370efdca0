import { findTable } from "../src/engines/engine.js";
import type { PartitionDefinition } from "../src/model/detail/partition.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine">;
type Definitions = readonly PartitionDefinition[];

/** The partitions that a table has, and those that a statement puts behind them. */
interface Added {
  readonly before: Definitions;
  readonly added: Definitions;
}

function addedBy({ operation, catalog }: Asked): Added | null {
  if (operation.kind === "create-table") {
    const there = operation.ifNotExists && findTable(catalog, operation.relation) !== null;
    return there ? null : { before: [], added: operation.partitioning?.partitions ?? [] };
  }
  const by = detailOf(operation, "partition-by");
  if (by !== null) return { before: [], added: by.partitioning.partitions };
  const more = detailOf(operation, "add-partition");
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (more === null || more.ifNotExists || table === null) return null;
  return { before: table.partitionDefinitions ?? [], added: more.partitions };
}

function takenName({ before, added }: Added, { engine }: Asked): Missing | null {
  const names = [...before, ...added].map(({ name }) => name.toLowerCase());
  const taken = added.find((one, at) => names.indexOf(one.name.toLowerCase()) < before.length + at);
  if (taken === undefined) return null;
  return {
    what: `a partition ${engine.quote(taken.name)} is there already (1517)`,
    help: "Choose another name.",
  };
}

/** A bound that can be compared with another one of its form: a number, or a date as `TO_DAYS('2026-01-01')` has it. */
function measured({ bound }: PartitionDefinition): { readonly form: string; readonly value: number } | null {
  if (bound?.kind !== "less-than") return null;
  if (bound.rest) return { form: "", value: Number.POSITIVE_INFINITY };
  const number = /^\s*(-?\d{1,15})\s*$/.exec(bound.text)?.[1];
  if (number !== undefined) return { form: "number", value: Number(number) };
  const dated =
    /^\s*(?:(to_days|unix_timestamp|to_seconds)\s*\(\s*)?'(\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?)'\s*\)?\s*$/i.exec(
      bound.text,
    );
  const value =
    dated === null
      ? Number.NaN
      : Date.parse(`${(dated[2] ?? "").replace(" ", "T")}${(dated[2] ?? "").length > 10 ? "Z" : ""}`);
  return Number.isNaN(value) ? null : { form: dated?.[1]?.toLowerCase() ?? "date", value };
}

function unordered({ before, added }: Added, { engine }: Asked): Missing | null {
  let last = before.at(-1);
  for (const one of added) {
    const [low, high] = [last === undefined ? null : measured(last), measured(one)];
    if (low !== null && high !== null && low.form === "")
      return {
        what: `${engine.quote(last?.name ?? "")} takes all that is MAXVALUE, and no partition stands behind it (1481)`,
        help: `Cut it: REORGANIZE PARTITION ${engine.quote(last?.name ?? "")} INTO (...), while it holds few rows.`,
      };
    if (low !== null && high !== null && low.form === high.form && high.value <= low.value)
      return {
        what: `the bound of ${engine.quote(one.name)} is not above that of ${engine.quote(last?.name ?? "")} (1493)`,
        help: "Write a higher one; or cut the partition that the values are in, by REORGANIZE PARTITION.",
      };
    last = one;
  }
  return null;
}

const VALUE = String.raw`(?:-?\d+|'[^'\\]*')`;
const VALUES = new RegExp(String.raw`^\s*${VALUE}(?:\s*,\s*${VALUE})*\s*$`);

/** `IN (1, 'b')`: plain values, as written. */
const listed = ({ bound }: PartitionDefinition): readonly string[] =>
  bound?.kind === "in" && VALUES.test(bound.text) ? (bound.text.match(new RegExp(VALUE, "g")) ?? []) : [];

function listedTwice({ before, added }: Added, { engine }: Asked): Missing | null {
  const owners = new Map<string, string>();
  for (const one of [...before, ...added])
    for (const value of listed(one)) {
      const owner = owners.get(value);
      if (owner !== undefined && added.includes(one))
        return {
          what: `${value} is a value of the partition ${engine.quote(owner)} already (1495)`,
          help: "Leave it out; or move it by REORGANIZE PARTITION.",
        };
      owners.set(value, one.name);
    }
  return null;
}

/** Why MySQL or MariaDB refuses partitions that a statement adds; null where it does not for certain. */
export function refusedPartition(asked: Asked): Missing | null {
  const found = asked.engine.name === "postgres" ? null : addedBy(asked);
  if (found === null || found.added.length === 0) return null;
  return takenName(found, asked) ?? unordered(found, asked) ?? listedTwice(found, asked);
}

import type { MaintainPartition } from "../../../../model/detail/partition.js";
import type { PartitionNames } from "../../../../model/detail/table.js";
import type { RelationName } from "../../../../model/name.js";
import type { Operation } from "../../../../model/operation.js";
import { accept, acceptOneOf, type Cursor, expect, fail, looksAt } from "../cursor.js";
import { readNumber } from "../expression/literal.js";
import { readIdentifier } from "../names.js";
import { readPartitions } from "../partition/definition.js";
import { readPartitionBy } from "../partition/partitioning.js";
import { type Action, otherAction } from "./action.js";
import { readMove, readTablespace } from "./partition-move.js";

const CHECK_OPTIONS = ["QUICK", "FAST", "MEDIUM", "EXTENDED", "CHANGED"] as const;
const REPAIR_OPTIONS = ["QUICK", "EXTENDED", "USE_FRM"] as const;

/** Verbs whose partitions are named behind them, or ALL, and the options of each. */
const VERBS: Readonly<Record<MaintainPartition["verb"], readonly string[]>> = Object.freeze({
  analyze: [],
  check: CHECK_OPTIONS,
  optimize: [],
  rebuild: [],
  repair: REPAIR_OPTIONS,
});

/** Everything about partitions but ADD and DROP. Null when something else stands there. @throws Unreadable */
export function readPartition(cursor: Cursor, relation: RelationName): readonly Operation[] | null {
  const start = cursor.index;
  const action = readPartitioning(cursor) ?? readMaintenance(cursor) ?? readMove(cursor) ?? readTablespace(cursor);
  return action === null ? null : otherAction(cursor, relation, start, action);
}

/** `p0, p1` or `ALL`. No other action may follow, so every comma leads to a name. @throws Unreadable */
export function readPartitionNames(cursor: Cursor, all = true): PartitionNames {
  if (all && accept(cursor, "ALL")) return "all";
  const names: string[] = [];
  do names.push(readIdentifier(cursor, "the name of a partition"));
  while (accept(cursor, ","));
  return Object.freeze(names);
}

/** `NO_WRITE_TO_BINLOG` or `LOCAL`. */
export function readBinlogOption(cursor: Cursor): void {
  acceptOneOf(cursor, ["NO_WRITE_TO_BINLOG", "LOCAL"]);
}

function readPartitioning(cursor: Cursor): Action | null {
  const partitioning = readPartitionBy(cursor);
  if (partitioning !== null) return { what: "partition-by", detail: { kind: "partition-by", partitioning } };
  if (accept(cursor, "REMOVE", "PARTITIONING")) {
    return { what: "remove-partitioning", detail: { kind: "remove-partitioning" } };
  }
  if (accept(cursor, "COALESCE", "PARTITION")) {
    readBinlogOption(cursor);
    const count = readNumber(cursor) ?? fail(cursor, "a number of partitions");
    return { what: "coalesce-partition", detail: { kind: "coalesce-partition", count } };
  }
  return accept(cursor, "REORGANIZE", "PARTITION") ? readReorganization(cursor) : null;
}

/** `p0, p1 INTO (...)`; without anything all partitions are spread anew. */
function readReorganization(cursor: Cursor): Action {
  readBinlogOption(cursor);
  const what = "reorganize-partition";
  const whole = cursor.index >= cursor.tokens.length || looksAt(cursor, ",");
  if (whole) return { what, detail: { kind: what, from: "all", into: Object.freeze([]) } };
  const from = readPartitionNames(cursor, false);
  expect(cursor, "INTO");
  return { what, detail: { kind: what, from, into: readPartitions(cursor) } };
}

function readMaintenance(cursor: Cursor): Action | null {
  const truncate = looksAt(cursor, "TRUNCATE") && looksAt(cursor, "PARTITION", 1);
  if (truncate) return readTruncation(cursor);
  const verbs = Object.keys(VERBS) as MaintainPartition["verb"][];
  const verb = verbs.find((word) => looksAt(cursor, word.toUpperCase()) && looksAt(cursor, "PARTITION", 1));
  if (verb === undefined) return null;
  cursor.index += 2;
  if (verb !== "check") readBinlogOption(cursor);
  const partitions = readPartitionNames(cursor);
  const detail = { kind: "maintain-partition", verb, partitions, options: readOptions(cursor, VERBS[verb]) } as const;
  return { what: `${verb}-partition`, detail };
}

function readTruncation(cursor: Cursor): Action {
  cursor.index += 2;
  const what = "truncate-partition";
  return { what, detail: { kind: what, partitions: readPartitionNames(cursor) } };
}

function readOptions(cursor: Cursor, allowed: readonly string[]): readonly string[] {
  const options: string[] = [];
  for (let option = acceptOneOf(cursor, allowed); option !== null; option = acceptOneOf(cursor, allowed)) {
    options.push(option);
  }
  return Object.freeze(options);
}

import type { OperationDetail } from "../../../../../model/operation-detail.js";
import { body, relationOf } from "../../ast.js";
import { partitionBound } from "../partition-bound.js";
import type { Command, CommandReader } from "./command.js";

/** Changes of partitions by their name in PostgreSQL's grammar. */
export const PARTITION_READERS: Readonly<Record<string, CommandReader>> = Object.freeze({
  AT_AttachPartition: attach,
  AT_DetachPartition: (c: Command) => detach(c, "plain"),
  AT_DetachPartitionFinalize: (c: Command) => detach(c, "finalize"),
});

function attach({ command, source, run }: Command): OperationDetail | null {
  const partition = body(command.def, "PartitionCmd");
  if (partition?.name === undefined || partition.bound === undefined) return null;
  const bound = partitionBound(source, partition.bound, run);
  return { kind: "attach-partition", partition: relationOf(partition.name), bound };
}

function detach({ command }: Command, mode: "plain" | "finalize"): OperationDetail | null {
  const partition = body(command.def, "PartitionCmd");
  if (partition?.name === undefined) return null;
  const concurrently = partition.concurrent === true;
  return {
    kind: "detach-partition",
    partition: relationOf(partition.name),
    mode: concurrently ? "concurrently" : mode,
  };
}

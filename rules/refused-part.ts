import { findTable } from "../src/engines/engine.js";
import { isPlainFunction } from "../src/engines/postgres/effects/query-functions.js";
import { BROUGHT_TRIGGER } from "../src/engines/postgres/trigger-functions.js";
import { isWhole, knownRoutines, lacksRoutine, storedCode } from "../src/engines/table-lookup.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import type { Missing } from "./missing-from-history.js";
import { refusedAttach } from "./refused-attach.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "deployed" | "engine">;

/** What changes each row's shape, and so that of the tables below. @param partitioned not by INHERITS */
function isShared(operation: Operation, partitioned: boolean): boolean {
  if (operation.kind === "add-column") return !operation.ifNotExists;
  if (operation.kind === "drop-column") return partitioned && !operation.ifExists;
  if (operation.kind === "rename-column") return true;
  const added = detailOf(operation, "add-constraint");
  if (added !== null) return added.constraint.kind === "check" && !/\bno\s+inherit\b/i.test(added.constraint.text);
  const required = detailOf(operation, "set-not-null") ?? detailOf(operation, "add-identity");
  return detailOf(operation, "alter-column-type") !== null || (partitioned && required !== null);
}

/** ALTER TABLE ONLY of what the tables below have as well. */
function onlyAbove({ operation, catalog, engine }: Asked): Missing | null {
  const table = operation.only === true && operation.relation !== null ? findTable(catalog, operation.relation) : null;
  if (table === null || (table.partitions ?? []).length === 0) return null;
  if (!isShared(operation, (table.partitionKey ?? null) !== null)) return null;
  return {
    what: `${engine.quoteRelation(table.relation)} has partitions or children, which must get the same (42P16)`,
    help: "Leave out ONLY.",
  };
}

/** DETACH PARTITION CONCURRENTLY beside a DEFAULT partition, which would have to be looked through. */
function besideDefault({ operation, catalog, engine }: Asked): Missing | null {
  const detached = detailOf(operation, "detach-partition");
  if (detached?.mode !== "concurrently" || operation.relation === null) return null;
  const table = findTable(catalog, operation.relation);
  const rest = table?.partitions?.find((partition) => partition.default)?.relation;
  if (rest === undefined) return null;
  return {
    what: `${engine.quoteRelation(operation.relation)} has the DEFAULT partition ${engine.quoteRelation(rest)}, beside which there is no CONCURRENTLY (55000)`,
    help: "Leave out CONCURRENTLY, with a lock_timeout in front: SET lock_timeout = '2s';",
  };
}

/** A trigger whose function is of the files' own schema, and of no file. */
function missingFunction({ operation, catalog, deployed, engine }: Asked): Missing | null {
  const calls = detailOf(operation, "create-object")?.trigger?.calls;
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (calls === undefined || table === null || BROUGHT_TRIGGER.test(calls.name)) return null;
  if (calls.schema !== null && calls.schema !== catalog.defaultSchema) return null;
  // A first file that makes no routine may stand on what was there before it.
  const isTold = isWhole(deployed) || storedCode(catalog).length > 0;
  if (!isTold || !lacksRoutine(catalog, calls)) return null;
  return {
    what: `no file has made the function ${engine.quoteRelation(calls)} (42883)`,
    help: "Correct the name; or create the function in front of it.",
  };
}

/** A policy that calls a function which files have made, and dropped. */
function droppedFunction({ operation, catalog, engine }: Asked): Missing | null {
  const policy = detailOf(operation, "create-object")?.policy ?? detailOf(operation, "alter-object")?.policy;
  const isDropped = (name: RelationName) => isWhole(catalog) && knownRoutines(catalog, name)?.length === 0;
  const gone = policy?.calls?.find((name) => isDropped(name) && !isPlainFunction(name));
  if (gone === undefined) return null;
  return {
    what: `the function ${engine.quoteRelation(gone)} has been dropped (42883)`,
    help: "Correct the name; or create the function in front of it.",
  };
}

/** Why PostgreSQL refuses a part of a table that hangs on others; null where it does not for certain. */
export function refusedPart(asked: Asked): Missing | null {
  if (asked.engine.name !== "postgres") return null;
  return (
    onlyAbove(asked) ?? besideDefault(asked) ?? missingFunction(asked) ?? droppedFunction(asked) ?? refusedAttach(asked)
  );
}

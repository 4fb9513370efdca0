import type { Table } from "../../../model/catalog.js";
import type { CreateIndex } from "../../../model/operation.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { quote } from "../names.js";
import { type MysqlContext, ONLINE } from "./algorithms.js";
import { alter, ddl, dropIndexIfThere } from "./ddl.js";
import { hasIndex, stateOf } from "./facts.js";
import * as locks from "./locks.js";
import { nothing, show, tableOf } from "./subject.js";

/** The name that the server would give: the first column's, with a number where it is taken. A resumed run must find it. */
function nameOf(operation: CreateIndex, table: Table | null): string {
  if (operation.name !== null) return operation.name;
  const base = operation.keys[0]?.column ?? "functional_index";
  const taken = new Set((table?.indexes ?? []).map((i) => i.name.toLowerCase()));
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}_${n}`;
    if (!taken.has(name.toLowerCase()) && name.toLowerCase() !== "primary") return name;
  }
}

/** Kinds whose build blocks writes (LOCK=SHARED at least), on both servers. */
function refuse(operation: CreateIndex): void {
  const method = operation.method?.toLowerCase() ?? null;
  const functional = operation.keys.some((k) => k.column === null);
  const kind = method === "fulltext" || method === "spatial" ? method.toUpperCase() : functional ? "functional" : null;
  if (kind === null) return;
  throw new Refusal(
    `Building a ${kind} index blocks writes to ${show(operation.relation)} for as long as the build takes.`,
    functional && kind === "functional"
      ? "Add a VIRTUAL generated column (INSTANT) and create a plain index on it."
      : "Create it together with the table, in a maintenance window, or through gh-ost, spirit or pt-online-schema-change.",
  );
}

/**
 * Built INPLACE with LOCK=NONE: the table is read and written meanwhile. A build that fails leaves nothing.
 *
 * @throws Refusal
 */
export function createIndex(operation: CreateIndex, context: MysqlContext): Phased {
  const table = context.catalog.complete
    ? tableOf(operation.relation, context)
    : findTable(context.catalog, operation.relation);
  refuse(operation);
  const relation = table?.relation ?? operation.relation;
  const name = nameOf(operation, table);
  const existing = table?.indexes.find((i) => i.name.toLowerCase() === name.toLowerCase());
  if (existing !== undefined && operation.ifNotExists)
    return nothing(`The index ${name} exists already: IF NOT EXISTS leaves it as it is: ${existing.definition}`);
  if (existing !== undefined)
    throw new Refusal(
      `There is an index ${name} on ${show(relation)} already: ${existing.definition}`,
      "Choose another name, or drop this statement if the index was made by hand.",
    );
  const add = `ADD ${operation.unique ? "UNIQUE " : ""}INDEX ${quote(name)} ${operation.definition}, ${ONLINE}`;
  return {
    steps: [
      ddl({
        id: `${context.ordinal}-create-index`,
        phase: "expand",
        sql: [alter(relation, add)],
        undo: dropIndexIfThere(relation, name, ONLINE),
        probe: { sql: stateOf(hasIndex(relation, name)), repair: [] },
        locks: [locks.brief(relation), locks.build(relation, "build")],
        scan: true,
        unlimited: true,
        reason: `Built while ${show(relation)} is read and written. Each replica builds it again, one after the other with what else it replays.`,
      }),
    ],
    retires: [],
    gates: [],
    notes: operation.unique ? ["The build fails on duplicates, also on those that are written while it runs."] : [],
  };
}

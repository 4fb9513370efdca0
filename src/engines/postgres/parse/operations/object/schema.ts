import type { CreateSchemaStmt } from "libpg-query";
import type { Operation } from "../../../../../model/operation.js";
import { findKeyword, type Run, type Source } from "../../source.js";
import type { Reading } from "../context.js";
import { otherOperation } from "../other.js";
import { created, plainName } from "./create.js";

/** CREATE SCHEMA, and what it makes in the same breath. */
export function createSchema(stmt: CreateSchemaStmt, reading: Reading, at: Operation["span"]): Operation[] {
  const ifNotExists = stmt.if_not_exists ?? false;
  const name = plainName(stmt.schemaname ?? stmt.authrole?.rolename);
  const schema = otherOperation("create-schema", null, at, { detail: created("schema", name, { ifNotExists }) });
  const elements = stmt.schemaElts ?? [];
  const runs = elementRuns(reading.source, reading.run);
  const made = elements.flatMap((node, i) => reading.nested(reading.source, node, runs[i] ?? reading.run));
  return [schema, ...made.map((o) => inSchema(o, name?.name ?? null))];
}

/** A name without a schema means the new one. */
function inSchema(operation: Operation, schema: string | null): Operation {
  const { relation } = operation;
  if (relation === null || relation.schema !== null) return operation;
  const moved = { ...operation, relation: Object.freeze({ schema, name: relation.name }) };
  if (moved.kind !== "other" || moved.detail?.kind !== "create-object") return Object.freeze(moved);
  const { name } = moved.detail;
  const detail = name?.name === relation.name ? { ...moved.detail, name: moved.relation } : moved.detail;
  return Object.freeze({ ...moved, detail: Object.freeze(detail) });
}

/** Each element begins with CREATE or GRANT, which are no names. */
function elementRuns(source: Source, run: Run): Run[] {
  const starts: number[] = [];
  for (let from = run.from + 1; ; ) {
    const at = findKeyword(source, { from, to: run.to }, "CREATE", "GRANT");
    if (at === null) break;
    starts.push(at);
    from = at + 1;
  }
  return starts.map((from, i) => ({ from, to: starts[i + 1] ?? run.to }));
}

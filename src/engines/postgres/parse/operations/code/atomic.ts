import type { Node } from "libpg-query";
import type { Code, CodeOperation } from "../../../../../model/detail/code.js";
import { body } from "../../ast.js";
import { findKeyword, type Run, spanOf, textOf } from "../../source.js";
import type { Reading } from "../context.js";

/** A body that is part of the statement: `RETURN value`, or `BEGIN ATOMIC ...; END`. Null when its places are not found. */
export function atomicCode(node: Node, reading: Reading): Code | null {
  const returned = body(node, "ReturnStmt");
  if (returned !== null) return returnCode(returned.returnval, reading);
  const statements = (body(node, "List")?.items ?? []).flatMap((list) => body(list, "List")?.items ?? []);
  const { source, run } = reading;
  const atomic = findKeyword(source, run, "ATOMIC");
  if (atomic === null) return null;
  const inside = { from: atomic + 1, to: run.to - 1 };
  const runs = statementRuns(reading, inside);
  if (runs.length !== statements.length) return null;
  return code(
    reading,
    inside,
    statements.flatMap((statement, i) => operationsIn(reading, statement, runs[i])),
  );
}

function operationsIn(reading: Reading, node: Node, run: Run | undefined): CodeOperation[] {
  if (run === undefined) return [];
  const returned = body(node, "ReturnStmt");
  const read = returned === null ? node : selectOf(returned.returnval);
  const statement = textOf(reading.source, run);
  return reading
    .nested(reading.source, read, run)
    .map((operation) => Object.freeze({ operation, statement, repeated: false, conditional: false }));
}

function returnCode(value: Node | undefined, reading: Reading): Code | null {
  const { source, run } = reading;
  const from = findKeyword(source, run, "RETURN");
  if (from === null) return null;
  const inside = { from, to: run.to };
  return code(reading, inside, operationsIn(reading, selectOf(value), inside));
}

/** A value as the query that a server makes of it. */
function selectOf(value: Node | undefined): Node {
  return { SelectStmt: { targetList: value === undefined ? [] : [{ ResTarget: { val: value } }] } };
}

function code({ source }: Reading, inside: Run, operations: readonly CodeOperation[]): Code {
  const span = Object.freeze(spanOf(source, inside));
  const found = { operations: Object.freeze(operations), unknown: Object.freeze([]) };
  return Object.freeze({ language: "sql", span, ...found, settled: true });
}

/** What stands between the semicolons; a CASE has none inside. */
function statementRuns({ source }: Reading, inside: Run): Run[] {
  const runs: Run[] = [];
  let from = inside.from;
  for (let i = inside.from; i < inside.to; i++) {
    if (source.tokens[i]?.text !== ";") continue;
    if (i > from) runs.push({ from, to: i });
    from = i + 1;
  }
  return runs;
}

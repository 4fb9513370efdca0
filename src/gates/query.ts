import type { Engine } from "../engines/engine.js";

/**
 * Why a gate's SQL is not one query; null when it is. What it calls may still write: it is asked in a read-only
 * transaction.
 *
 * @param engine loaded
 */
export function notOneQuery(engine: Engine, sql: string): string | null {
  const { statements, problems } = engine.parse(sql);
  const [problem] = problems;
  if (problem !== undefined) return `it does not parse: ${problem.message}`;
  const [statement, second] = statements;
  if (statement === undefined || second !== undefined) return "it must be one statement";
  const isQuery = statement.operations.every((o) => o.kind === "other" && o.what === "select");
  return isQuery ? null : "it must be a SELECT";
}

import { expect } from "vitest";
import { parsePostgres } from "../../../../../src/engines/postgres/parse/index.js";
import type { Operation, OtherOperation } from "../../../../../src/model/operation.js";
import type { OperationDetail } from "../../../../../src/model/operation-detail.js";

/** What a text does. It must parse. */
export function operations(sql: string): Operation[] {
  const { statements, problems } = parsePostgres(sql);
  expect(problems).toEqual([]);
  return statements.flatMap((s) => s.operations);
}

/** The operations of kind "other". */
export function others(sql: string): OtherOperation[] {
  return operations(sql).filter((o) => o.kind === "other");
}

export function details(sql: string): (OperationDetail | undefined)[] {
  return others(sql).map((o) => o.detail);
}

/** A name as details have it: `s.t` or `t`. */
export function name(text: string): { schema: string | null; name: string } {
  const [first = "", second] = text.split(".");
  return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
}

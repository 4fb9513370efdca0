import { expect } from "vitest";
import { detailOf } from "../../../rules/understood.js";
import { engineFor } from "../../../src/config/engine.js";
import type { EngineName } from "../../../src/engines/engine.js";
import type { Bound, Constant, NamedInCondition } from "../../../src/model/detail/bound.js";
import type { DataChange } from "../../../src/model/detail/data.js";
import type { Operation } from "../../../src/model/operation.js";

const nameOf = ({ table, name }: NamedInCondition): string => (table === null ? name : `${table}.${name}`);

function constantText(value: Constant): string {
  if (value.kind === "name") return nameOf(value.of);
  if (value.kind === "found") return `${value.column} of ${value.relation.name} where ${boundsText(value.bounds)}`;
  return value.kind === "looked-up" ? `${value.column} of ${value.relation.name}` : value.kind;
}

/** Bounds as a reader of tests wants them: `id is number; a least 3`. */
export const boundsText = (bounds: readonly Bound[]): string =>
  bounds
    .map((b) => {
      if (b.kind === "never") return "never";
      if (b.kind !== "is") return `${nameOf(b.column)} ${b.kind} ${b.value}`;
      return `${nameOf(b.column)} is ${b.values.map(constantText).join(" or ")}`;
    })
    .join("; ");

/** What conditions bound, the same on all engines. */
export const CONDITIONS: readonly (readonly [condition: string, bounds: string])[] = [
  ["id = 1", "id is number"],
  ["1 = id", "id is number"],
  ["((t.id) = -1)", "t.id is number"],
  ["id = 'x'", "id is text"],
  ["id IN (1, 'x')", "id is number or text"],
  ["id IN (1, f(2))", ""],
  ["id IN (SELECT o.id FROM o WHERE o.id = t.id)", ""],
  ["id IN (SELECT id + 1 FROM o WHERE id = 1)", ""],
  ["id IN (SELECT id FROM o WHERE id = 1 UNION SELECT 4)", ""],
  ["a = 1 OR a IN (2, 'x') AND b = 3", "a is number or number or text"],
  ["(a = 1 AND b = 2) OR (b = 3 AND a = 'x')", "a is number or text; b is number or number"],
  ["a > 1 AND a < 5 AND a < 4 OR a BETWEEN 7 AND 9", "a least 1; a most 9; a most 9"],
  ["a > 1 OR a < 5", ""],
  ["a = 1 OR t.a = 2", ""],
  ["id = other", "id is other"],
  ["id = o.id AND a = 2", "id is o.id; a is number"],
  ["(a = 1 AND (b = 2 AND c = 3))", "a is number; b is number; c is number"],
  ["a = 1 OR b = 2", ""],
  ["a = 1 AND (b = 2 OR c = 3)", "a is number"],
  ["a = 1 OR b = 2 AND c = 3", ""],
  ["NOT a = 1", ""],
  ["NOT (a = 1) AND b = 2", "b is number"],
  ["id BETWEEN 1 AND 5 AND a = 2", "id least 1; id most 5; a is number"],
  ["id NOT BETWEEN 1 AND 5", ""],
  ["id NOT IN (1, 2)", ""],
  ["id > 1 AND 5 >= id", "id least 1; id most 5"],
  ["id <> 1", ""],
  ["id = 1 + 1", ""],
  ["id + 1 = 2", ""],
  ["f(id) = 2", ""],
  ["CASE WHEN a = 1 AND b = 2 THEN id END = 1", ""],
  ["CASE WHEN a = 1 OR b = 2 THEN 1 ELSE 0 END = 1 AND id = 3", "id is number"],
  ["(a, b) = (1, 'x')", "a is number; b is text"],
  ["(a, b) IN ((1, 2), (3, 'x'))", "a is number or number; b is number or text"],
  ["ROW(a, b) = ROW(1, 2)", "a is number; b is number"],
  ["(a, b) > (1, 2)", ""],
  ["id = (SELECT o.id FROM orgs o WHERE o.name = 'x')", "id is id of orgs"],
  ["id = (SELECT id FROM orgs WHERE name = t.name)", ""],
  ["id = (SELECT t.id FROM orgs WHERE name = 'x')", ""],
  ["id = (SELECT max(id) FROM orgs WHERE name = 'x')", ""],
  ["1 = 0", "never"],
  ["false AND id = 1", "never; id is number"],
  ["id = NULL", ""],
  ["id IS NULL AND a = 1", "a is number"],
];

/** The first operation of a text that parses. */
export async function operationOf(sql: string, name: EngineName): Promise<Operation> {
  const engine = await engineFor(name);
  await engine.loadParser();
  const { statements, problems } = engine.parse(sql);
  expect(problems, sql).toEqual([]);
  const [operation] = statements.flatMap((s) => s.operations);
  if (operation === undefined) throw new Error(sql);
  return operation;
}

/** The same as a change of rows. */
export async function changeOf(sql: string, name: EngineName): Promise<DataChange> {
  const change = detailOf(await operationOf(sql, name), "data-change");
  if (change === null) throw new Error(sql);
  return change;
}

export const boundsOf = async (condition: string, name: EngineName): Promise<string> =>
  boundsText((await changeOf(`DELETE FROM t WHERE ${condition};`, name)).bounds ?? []);

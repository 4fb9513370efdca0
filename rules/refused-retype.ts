import { findTable } from "../src/engines/engine.js";
import { keepsDefault } from "../src/engines/postgres/effects/retyped-values.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** A default that does not become its column's new type (PostgreSQL): USING is about the rows alone. */
export function refusedRetype({ operation, catalog, engine, siblings, version }: RuleContext): Missing | null {
  const change = detailOf(operation, "alter-column-type");
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (change === null || table === null || change.using === null || engine.name !== "postgres") return null;
  const column = table.columns.find(({ name }) => name === change.column) ?? null;
  if (!keepsDefault(change, column, { catalog, siblings, version })) return null;
  const name = engine.quote(change.column);
  return {
    what: `the default of ${name} is no value of ${change.type} by itself, and USING is for the rows alone (42804)`,
    help: `In the same statement, in front of it: ALTER ${name} DROP DEFAULT; and behind it ALTER ${name} SET DEFAULT with a value of ${change.type}.`,
  };
}

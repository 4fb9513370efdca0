import { type Engine, type Phased, Refusal } from "../engines/engine.js";
import { notOneQuery } from "../gates/query.js";
import type { Migration } from "../model/migration.js";
import type { PlanRefusal } from "../model/plan.js";
import { refusalOf } from "./refusal-of.js";

/** A gate's SQL is asked again and again, by `status` too: it must be one query and no more. */
export function refusedGates(migration: Migration, engine: Engine): PlanRefusal[] {
  return migration.directives.flatMap((directive) => {
    if (directive.kind !== "gate" || directive.gate.name !== "sql") return [];
    const wrong = notOneQuery(engine, directive.gate.setting);
    if (wrong === null) return [];
    const refusal = new Refusal(
      `The gate's SQL is not a query: ${wrong}.`,
      'Write one SELECT whose first column is true when the contract may run: `-- zmigrate:gate sql="SELECT ..."`.',
    );
    return [refusalOf(migration, directive, refusal)];
  });
}

/** The gate `old-writers` has nothing to go by where no triggers keep an old and a new side equal. */
export function unwatched(migration: Migration, phased: readonly Phased[]): PlanRefusal[] {
  const asked = migration.directives.find((d) => d.kind === "gate" && d.gate.name === "old-writers");
  const retires = phased.flatMap((p) => p.retires);
  const blind = [
    ...retires.filter((r) => r.writers === undefined).map((r) => r.column),
    ...phased.flatMap((p) => p.retiredTables ?? []).map((t) => t.relation.name),
  ];
  if (asked === undefined || (retires.length > 0 && blind.length === 0)) return [];
  const what = blind.length === 0 ? "what this file takes away" : blind.join(", ");
  const refusal = new Refusal(
    `The gate old-writers cannot tell who still writes ${what}: that is noted for columns that are renamed, while triggers keep the old and the new name equal.`,
    "Leave the gate out, or put the other changes into a file of their own.",
  );
  return [refusalOf(migration, asked, refusal)];
}

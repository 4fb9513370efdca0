import { findTable } from "../src/engines/engine.js";
import { knownView } from "../src/engines/table-lookup.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** What every row has besides its table's columns. */
const SYSTEM: ReadonlySet<string> = new Set(["tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"]);

/** Why PostgreSQL refuses a trigger on what files have made; null where it does not for certain. */
export function refusedTrigger({
  operation,
  catalog,
  engine,
}: Pick<RuleContext, "operation" | "catalog" | "engine">): Missing | null {
  const trigger = detailOf(operation, "create-object")?.trigger ?? null;
  const { relation } = operation;
  if (engine.name !== "postgres" || trigger === null || relation === null) return null;
  const name = engine.quoteRelation(relation);
  const instead = trigger.timing === "instead of";
  if (knownView(catalog, relation) !== null)
    return trigger.eachRow === true && !instead
      ? { what: `${name} is a view, whose rows have no BEFORE or AFTER triggers (42809)`, help: "Write INSTEAD OF." }
      : null;
  const table = findTable(catalog, relation);
  if (table === null || table.columns.length === 0) return null;
  if (instead)
    return { what: `${name} is a table, which has no INSTEAD OF triggers (42809)`, help: "Write BEFORE or AFTER." };
  const named = [...trigger.columns, ...(trigger.when?.names ?? [])];
  const gone = named.find((column) => !SYSTEM.has(column) && !table.columns.some((one) => one.name === column));
  if (gone === undefined) return null;
  return {
    what: `the trigger names column ${engine.quote(gone)}, which ${name} does not have (42703)`,
    help: "Correct the name; or add the column in front of it.",
  };
}

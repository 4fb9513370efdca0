import { knownRoutines } from "../src/engines/table-lookup.js";
import type { RoutineShape } from "../src/model/detail/object.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** Why the server refuses a routine beside the one of the same arguments that files have made; null where it does not. */
export function refusedRoutine({
  operation,
  catalog,
  engine,
}: Pick<RuleContext, "operation" | "catalog" | "engine">): string | null {
  const made = detailOf(operation, "create-object");
  if (made?.routine === undefined || made.name === null || engine.name !== "postgres") return null;
  const { routine, orReplace, object } = made;
  const old = knownRoutines(catalog, made.name)?.find(({ takes }) => takes.join() === routine.takes.join());
  if (old === undefined) return null;
  if (!orReplace) return `${object} ${engine.quoteRelation(made.name)} of these arguments is there already (42723)`;
  const why = whatDiffers(old, routine);
  return why === null ? null : `${why} (42P13)`;
}

/** What OR REPLACE cannot change of a routine of the same arguments (42P13); null where it does it. */
export function whatDiffers(old: RoutineShape, now: RoutineShape): string | null {
  if (old.returns !== now.returns)
    return `what is there returns ${old.returns || "nothing"}, and not ${now.returns || "nothing"}`;
  const at = old.names.findIndex((name, n) => name !== null && now.names[n] !== name);
  if (at >= 0) return `argument ${at + 1} is called ${old.names[at]}, and keeps its name`;
  return now.defaults < old.defaults ? "an argument has a default, and keeps one" : null;
}

/** Why PostgreSQL drops no routine of a name that files have made others of; null where it does, or that is not told. */
export function refusedDrop({
  operation,
  catalog,
  engine,
  written,
}: Pick<RuleContext, "operation" | "catalog" | "engine" | "written">): Missing | null {
  const dropped = detailOf(operation, "drop-object");
  if (dropped?.name == null || dropped.ifExists || engine.name !== "postgres" || !ROUTINES.has(dropped.object))
    return null;
  const isOfKind = ({ returns }: RoutineShape) => dropped.object === "function" || returns === "";
  const all = knownRoutines(catalog, dropped.name)?.filter(isOfKind) ?? [];
  const called = engine.quoteRelation(dropped.name);
  const list = all.map(({ takes }) => `(${takes.join(", ")})`).join(" and ");
  const { takes } = dropped;
  if (all.length > 1 && takes === undefined && !written.text.includes("("))
    return { what: `${dropped.object} ${called} is one of ${list}, and which is not said (42725)`, help: SAY };
  if (all.length === 0 || takes === undefined || all.some((one) => one.takes.join() === takes.join())) return null;
  return { what: `there is ${called} of ${list}, and none of (${takes.join(", ")}) (42883)`, help: SAY };
}

const ROUTINES: ReadonlySet<string> = new Set(["function", "procedure"]);
const SAY = "Write the types of its arguments behind its name, as it has them.";

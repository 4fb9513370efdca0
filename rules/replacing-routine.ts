import { sameRelation } from "../src/engines/engine.js";
import { mayBeMeant } from "../src/engines/overloads.js";
import { knownRoutines, knownView, storedCode } from "../src/engines/table-lookup.js";
import type { CreateObject } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import { droppedRoutine, isRoutine, madeAnew } from "./made-anew.js";
import { narrowedView } from "./narrowing-view.js";
import { droppedOf, replacementOf } from "./put-back.js";
import { whatDiffers } from "./refused-routine.js";
import { isFoundAgain } from "./reshaped.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

const USED: ReadonlySet<string> = new Set([
  "function",
  "procedure",
  "view",
  "aggregate",
  "package",
  "package-body",
  "trigger",
]);

/** What takes the place of another one: by OR REPLACE, or by DROP and CREATE in one transaction. */
function replacingOf(context: RuleContext): CreateObject | null {
  const created = detailOf(context.operation, "create-object");
  if (created !== null)
    return created.orReplace && USED.has(created.object) && !isBeside(created, context) ? created : null;
  if (isFoundAgain(context)) return madeAnew(context);
  return droppedOf(context) === null ? null : replacementOf(context);
}

/** What is known of a thing that gets another body. */
type Replaced = Pick<CreateObject, "object" | "name" | "routine">;

/** ALTER VIEW ... AS, which leaves nothing out (MySQL, MariaDB). */
function redefined({ operation, effect }: RuleContext): Replaced | null {
  const altered = detailOf(operation, "alter-object");
  return altered?.object === "view" && altered.changes[0] === "AS" && effect.breaks.length === 0 ? altered : null;
}

/** Whether files have made what is replaced. */
function isMade({ object, name, routine }: Replaced, { catalog }: RuleContext): boolean {
  if (name === null) return false;
  if (object === "view") return knownView(catalog, name) !== null;
  const all = routine === undefined ? [] : (knownRoutines(catalog, name) ?? []);
  return all.some(({ takes }) => takes.join() === routine?.takes.join());
}

/** OR REPLACE of other arguments makes a routine beside those that are there (PostgreSQL). */
function isBeside({ routine, name }: CreateObject, { catalog }: RuleContext): boolean {
  const all = routine === undefined || name === null ? null : knownRoutines(catalog, name);
  return all !== null && all.length > 0 && !all.some(({ takes }) => takes.join() === routine?.takes.join());
}

/** Another routine of the name is there, which takes as many arguments of other types (PostgreSQL). */
function meantBeside({ operation, catalog, engine, effect }: RuleContext): Verdict | null {
  const made = detailOf(operation, "create-object");
  if (made === null || made.routine === undefined || made.name === null || effect.breaks.length > 0) return null;
  const { routine } = made;
  const all = knownRoutines(catalog, made.name) ?? [];
  const old = all.find((one) => mayBeMeant(one, routine));
  if (old === undefined || all.some((one) => one.takes.join() === routine.takes.join())) return null;
  const name = (takes: readonly string[]) => `${engine.quoteRelation(made.name ?? NOBODY)}(${takes.join(", ")})`;
  return {
    message: `${name(old.takes)} stays beside ${name(routine.takes)}: a call whose values have no type of their own ('1', or a parameter that a driver sends so) may mean the other one from here on, or neither for certain (42725).`,
    help: "Give it another name; or drop the old one in the same transaction.",
  };
}

/** A search_path without the application's schemas, for a routine whose body no file tells (PostgreSQL). */
function pathOfUntold({ operation, catalog, engine }: RuleContext): Verdict | null {
  const altered = detailOf(operation, "alter-object");
  const { name = null, path = null } = altered ?? {};
  if (altered === null || name === null || path === null || path.includes(catalog.defaultSchema ?? "public"))
    return null;
  const isIt = (one: { readonly name: RelationName }) => sameRelation(one.name, name, catalog.defaultSchema);
  if (storedCode(catalog).some(isIt)) return null;
  return {
    message: `What ${altered.object} ${engine.quoteRelation(name)} names without a schema is not found from here on where these schemas do not have it (42P01, 42883): no file tells its body.`,
    help: "Look whether its body, and what that runs, names tables, functions and types with their schemas; if not, CREATE OR REPLACE it first.",
  };
}

/** OR REPLACE of more arguments makes a routine beside the old one, and calls may be of either (42725). */
function anewHelp({ object, routine }: Pick<CreateObject, "object" | "routine">, context: RuleContext): string {
  const [what, old] = [object.replace("-", " "), droppedRoutine(context)];
  const isSame = old == null || routine === undefined || old.takes.join() === routine.takes.join();
  if (!isSame || (old != null && routine !== undefined && whatDiffers(old, routine) !== null))
    return "Have the application try a call again that fails so; or give the new one another name, and drop the old one in a later release.";
  const unless = old === null ? " (refused where its arguments have other names, 42P13)" : "";
  return `Write CREATE OR REPLACE ${what.toUpperCase()} alone${unless}: it keeps the ${what}, its rights and what needs it, and no call fails.`;
}

const NOBODY = { schema: null, name: "" };

export const rule: Rule = {
  id: "replacing-routine",
  engines: ALL_ENGINES,
  severity: "info",
  aside: true,
  protects: "OR REPLACE takes effect for all code at once: running code gets the new body before its own deploy.",
  check(context) {
    const beside = meantBeside(context) ?? pathOfUntold(context);
    if (beside !== null) return beside;
    const created = replacingOf(context) ?? redefined(context);
    if (created === null || context.phase === "contract" || narrowedView(context) !== null) return null;
    const what = created.object.replace("-", " ");
    const gets = isMade(created, context)
      ? `Running code gets the new ${what} from this moment on`
      : `If a ${what} of this name is there, running code gets the new one from this moment on`;
    if (isRoutine(created) && detailOf(context.operation, "create-object") === null) {
      return {
        message: `${gets}, and a call that was prepared before may fail once (XX000 cache lookup failed).`,
        help: anewHelp(created, context),
      };
    }
    return {
      message: `${gets}.`,
      help: "Let the new one do for old code what the old one did, or give it another name and drop the old one in a later release.",
    };
  },
  bad: [
    { sql: "CREATE OR REPLACE VIEW active_users AS SELECT 1;" },
    { sql: "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2';", engines: ["postgres"] },
    { sql: "ALTER FUNCTION f() SET search_path = '';", engines: ["postgres"] },
  ],
  good: [{ sql: "CREATE VIEW active_users AS SELECT 1;" }],
};

import { knownRoutines, knownView } from "../src/engines/table-lookup.js";
import type { CreateObject } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import { madeAnew } from "./made-anew.js";
import { ALL_ENGINES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

const REPEAT = "what a new definition does not repeat is gone.";

interface Said {
  readonly gone: string;
  readonly come: string | null;
  /** How the option is written, where that is not `WITH (name = true)`. */
  readonly write?: string;
  /** What is to be done in front of it, where that is not PostgreSQL's. */
  readonly first?: string;
}

/** What happens with an option of a view that comes or goes; null where nobody loses or gains anything. */
const OPTIONS: Readonly<Record<string, Said>> = {
  sql_security_invoker: {
    gone: "reads its tables with the rights of its definer from here on: who may read the view sees what they may not read by themselves",
    come: "reads its tables with the rights of its reader from here on: who may read the view and not its tables fails (1356)",
    write: "SQL SECURITY INVOKER",
    first: "Grant what its readers need on the tables that it reads first.",
  },
  security_invoker: {
    gone: "reads its tables with the rights of its owner from here on: who may read the view sees rows that row security, or a missing right, has kept from them",
    come: "reads its tables with the rights of its reader from here on: who may read the view and not its tables fails (42501), and row security hides rows",
  },
  security_barrier: {
    gone: "no longer keeps its WHERE in front of its reader's: functions in a reader's condition see rows that the view hides",
    come: null,
  },
};

function viewChange(before: readonly string[], after: readonly string[], shown: string): Verdict | null {
  for (const [name, { gone, come, write, first }] of Object.entries(OPTIONS)) {
    if (before.includes(name) === after.includes(name)) continue;
    const what = before.includes(name) ? gone : come;
    if (what === null) continue;
    const help = before.includes(name)
      ? `Write ${write ?? `WITH (${name} = true)`} with it: ${REPEAT}`
      : (first ??
        "Grant what its readers need on the tables that it reads first, and look at what row security shows them.");
    return { message: `${shown} ${what}.`, help };
  }
  return null;
}

function routineChange({ routine, object }: CreateObject, name: RelationName, context: RuleContext): Verdict | null {
  const all = knownRoutines(context.catalog, name) ?? [];
  const old = all.find(({ takes }) => takes.join() === routine?.takes.join());
  if (old === undefined || routine === undefined || old.definer === routine.definer) return null;
  const shown = `${object} ${context.engine.quoteRelation(name)}`;
  return old.definer
    ? {
        message: `${shown} runs with the rights of its caller from here on: who may call it, and may not do by themselves what it does, fails (42501).`,
        help: `Write SECURITY DEFINER with it, and its SET search_path: ${REPEAT}`,
      }
    : {
        message: `${shown} runs with the rights of its owner from here on: who may call it reads and writes what they may not.`,
        help: "Leave SECURITY DEFINER out; or REVOKE EXECUTE on it FROM PUBLIC, and GRANT it to whom it is for.",
      };
}

/** What an operation makes in the place of another one, by OR REPLACE or by DROP and CREATE in one transaction. */
function check(context: RuleContext): Verdict | null {
  const { operation, catalog, engine } = context;
  const created = detailOf(operation, "create-object");
  const made = created === null ? madeAnew(context) : created.orReplace ? created : null;
  if (made !== null && made.name !== null) {
    if (made.object !== "view") return routineChange(made, made.name, context);
    const before = knownView(catalog, made.name);
    return before === null
      ? null
      : viewChange(before.options, made.options ?? [], `View ${engine.quoteRelation(made.name)}`);
  }
  const altered = detailOf(operation, "alter-object");
  if (altered?.options === undefined || altered.name === null) return null;
  const before = knownView(catalog, altered.name)?.options ?? [];
  const named = new Map(altered.options.map(({ name, on }) => [name, on]));
  const after = [
    ...before.filter((name) => !named.has(name)),
    ...[...named].filter(([, on]) => on).map(([name]) => name),
  ];
  return viewChange(before, after, `View ${engine.quoteRelation(altered.name)}`);
}

export const rule: Rule = {
  id: "changing-whose-rights",
  engines: ALL_ENGINES,
  severity: "warning",
  losses: true,
  protects:
    "A function or view that runs with other rights than before fails for those who use it, or shows them what they must not see.",
  check,
  bad: [
    {
      sql: "CREATE FUNCTION secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\nCREATE OR REPLACE FUNCTION secret() RETURNS bigint LANGUAGE sql AS 'SELECT 2';",
      engines: ["postgres"],
    },
    { sql: "ALTER VIEW active_users SET (security_invoker = true);", engines: ["postgres"] },
    {
      sql: "CREATE OR REPLACE VIEW named AS SELECT id FROM users;\nCREATE OR REPLACE SQL SECURITY INVOKER VIEW named AS SELECT id FROM users;",
      engines: ["mysql", "mariadb"],
    },
  ],
  good: [
    {
      sql: "CREATE OR REPLACE FUNCTION secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 2';",
      engines: ["postgres"],
    },
    { sql: "CREATE VIEW inv WITH (security_invoker = true) AS SELECT 1;", engines: ["postgres"] },
    { sql: "ALTER VIEW active_users SET (check_option = local);", engines: ["postgres"] },
    {
      sql: "CREATE OR REPLACE SQL SECURITY INVOKER VIEW named AS SELECT id FROM users;\nCREATE OR REPLACE SQL SECURITY INVOKER VIEW named AS SELECT id FROM users;",
      engines: ["mysql", "mariadb"],
    },
  ],
};

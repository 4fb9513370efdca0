import { isInvokersRoutine, knownRoutines, knownView } from "../src/engines/table-lookup.js";
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

type Made = Pick<CreateObject, "object" | "routine" | "options">;

function routineChange(made: Made, name: RelationName, context: RuleContext): Verdict | null {
  const { engine, catalog } = context;
  if (engine.name !== "postgres") {
    const before = isInvokersRoutine(catalog, made.object, name);
    const after = made.options?.includes("sql_security_invoker") === true;
    return before === null || before === after
      ? null
      : routineVerdict(!after, `${made.object} ${engine.quoteRelation(name)}`, engine);
  }
  const all = knownRoutines(catalog, name) ?? [];
  const { routine } = made;
  const old = all.find(({ takes }) => takes.join() === routine?.takes.join());
  if (old === undefined || routine === undefined || old.definer === routine.definer) return null;
  return routineVerdict(routine.definer === true, `${made.object} ${engine.quoteRelation(name)}`, engine);
}

function routineVerdict(isDefiners: boolean, shown: string, { name }: RuleContext["engine"]): Verdict {
  const own = name === "postgres";
  const called = `${shown[0]?.toUpperCase()}${shown.slice(1)}`;
  if (!isDefiners)
    return {
      message: `${called} runs with the rights of its caller from here on: who may call it, and may not do by themselves what it does, fails (${own ? "42501" : "1142, 1370"}).`,
      help: own
        ? `Write SECURITY DEFINER with it, and its SET search_path: ${REPEAT}`
        : `Write SQL SECURITY DEFINER; or grant its callers what they need for what it does first: ${REPEAT}`,
    };
  return {
    message: `${called} runs with the rights of its ${own ? "owner" : "definer"} from here on: who may call it reads and writes what they may not.`,
    help: own
      ? "Leave SECURITY DEFINER out; or REVOKE EXECUTE on it FROM PUBLIC, and GRANT it to whom it is for."
      : "Write SQL SECURITY INVOKER with it; or GRANT EXECUTE on it to none but whom it is for.",
  };
}

/** ALTER FUNCTION and ALTER PROCEDURE; what no file has made is taken to have been otherwise. */
function alteredRoutine(context: RuleContext): Verdict | null {
  const { operation, catalog, engine } = context;
  const altered = detailOf(operation, "alter-object");
  if (altered === null || altered.name === null || !/^(?:function|procedure)$/.test(altered.object)) return null;
  const shown = `${altered.object} ${engine.quoteRelation(altered.name)}`;
  const known = knownRoutines(catalog, altered.name) ?? [];
  const [to] = altered.values ?? [];
  if (
    altered.changes[0] === "OWNER TO" &&
    to !== undefined &&
    known.length > 0 &&
    known.every(({ definer }) => definer)
  )
    return {
      message: `${shown[0]?.toUpperCase()}${shown.slice(1)} runs with the rights of ${engine.quote(to)} from here on: it fails where these do not do (42501), and its callers get them.`,
      help: `Grant ${engine.quote(to)} what it needs first, and nothing more.`,
    };
  const said = altered.changes.find((word) => /^(?:SQL )?SECURITY /.test(word));
  if (said === undefined) return null;
  const isDefiners = said.endsWith("DEFINER");
  const isInvokers = isInvokersRoutine(catalog, altered.object, altered.name);
  const same =
    engine.name === "postgres"
      ? known.length > 0 && known.every(({ definer }) => (definer === true) === isDefiners)
      : isInvokers !== null && isInvokers !== isDefiners;
  return same ? null : routineVerdict(isDefiners, shown, engine);
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
  const routine = alteredRoutine(context);
  if (routine !== null) return routine;
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
      sql: "CREATE OR REPLACE FUNCTION secret() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\nCREATE OR REPLACE FUNCTION secret() RETURNS bigint LANGUAGE sql AS 'SELECT 2';",
      engines: ["postgres"],
    },
    { sql: "ALTER VIEW active_users SET (security_invoker = true);", engines: ["postgres"] },
    { sql: "ALTER FUNCTION secret() SECURITY DEFINER;", engines: ["postgres"] },
    { sql: "ALTER PROCEDURE secret SQL SECURITY INVOKER;", engines: ["mysql", "mariadb"] },
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
    { sql: "ALTER PROCEDURE secret COMMENT 'seldom called';", engines: ["mysql", "mariadb"] },
    {
      sql: "CREATE OR REPLACE SQL SECURITY INVOKER VIEW named AS SELECT id FROM users;\nCREATE OR REPLACE SQL SECURITY INVOKER VIEW named AS SELECT id FROM users;",
      engines: ["mysql", "mariadb"],
    },
  ],
};

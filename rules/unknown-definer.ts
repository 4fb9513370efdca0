import { accountOf } from "../src/engines/mysql/account.js";
import { isKnownAccount } from "../src/engines/table-lookup.js";
import type { CreateObject } from "../src/model/detail/object.js";
import { MYSQL_ENGINES, type Rule, type RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/** Accounts that a server has from its beginning. */
const EVERYWHERE: ReadonlySet<string> = new Set(["root@localhost", "mysql.sys@localhost", "mariadb.sys@localhost"]);

/** What fails where its definer is not there; null for what does not run with a definer's rights. */
function failing(made: CreateObject, { operation, engine }: RuleContext): string | null {
  const { object, name, trigger } = made;
  if (name === null || made.options?.includes("sql_security_invoker") === true) return null;
  const shown = `${object} ${engine.quoteRelation(name)}`;
  if (trigger !== null && operation.relation !== null) {
    const events = trigger.events.map((event) => event.toUpperCase()).join(" and ");
    return `every ${events} of ${engine.quoteRelation(operation.relation)} fails`;
  }
  if (object === "view") return `whoever reads ${shown} fails`;
  if (object === "event") return `${shown} does nothing, which only the server's log tells`;
  return object === "procedure" || object === "function" ? `calls of ${shown} fail` : null;
}

export const rule: Rule = {
  id: "unknown-definer",
  engines: MYSQL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects: "A trigger, view or routine of a definer who is not there is made all the same, and fails when it is used.",
  check(context) {
    const made = detailOf(context.operation, "create-object");
    const account = made?.definer == null ? null : accountOf(made.definer);
    if (made === null || account === null || EVERYWHERE.has(account) || isKnownAccount(context.catalog, account))
      return null;
    const fails = failing(made, context);
    if (fails === null) return null;
    return {
      message: `Where the server has no account ${made.definer}, ${fails} (1449): no file makes it.`,
      help: `Leave DEFINER out, so that it is who runs the migration; or make the account in front of it: CREATE USER IF NOT EXISTS ${made.definer} ...;`,
    };
  },
  bad: [
    {
      sql: "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(9));\nCREATE DEFINER=`dev`@`%` TRIGGER named BEFORE INSERT ON users FOR EACH ROW SET NEW.name = 'x';",
    },
    { sql: "CREATE DEFINER=`dev`@`%` VIEW ones AS SELECT 1 AS one;" },
  ],
  good: [
    {
      sql: "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(9));\nCREATE TRIGGER named BEFORE INSERT ON users FOR EACH ROW SET NEW.name = 'x';",
    },
    { sql: "CREATE DEFINER=`dev`@`%` SQL SECURITY INVOKER VIEW ones AS SELECT 1 AS one;" },
    { sql: "CREATE DEFINER=`root`@`localhost` VIEW ones AS SELECT 1 AS one;" },
    { sql: "CREATE USER 'dev'@'%' IDENTIFIED BY 'x';\nCREATE DEFINER=dev VIEW ones AS SELECT 1 AS one;" },
  ],
};

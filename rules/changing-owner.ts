import { findTable } from "../src/engines/engine.js";
import { membersOf } from "../src/engines/table-lookup.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import { rightsGiven } from "./rights-given.js";
import { POSTGRES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** What statements of the application need a right on. A function's is everybody's. */
const NEEDS_RIGHTS: ReadonlySet<string> = new Set(["foreign-table", "materialized-view", "sequence", "view"]);

interface Change {
  readonly what: RelationName;
  readonly to: string;
}

function changeOf(operation: Operation): Change | null {
  const option = detailOf(operation, "set-table-option");
  if (option?.option === "OWNER" && operation.relation !== null && option.value !== null)
    return { what: operation.relation, to: option.value };
  const object = detailOf(operation, "alter-object");
  const [to] = object?.values ?? [];
  if (object?.changes[0] !== "OWNER TO" || object.name === null || to === undefined) return null;
  return NEEDS_RIGHTS.has(object.object) ? { what: object.name, to } : null;
}

const WRITES = /^(?:ALL|INSERT|UPDATE|DELETE) /;

/** Who writes by a right that files give is not the owner; a member of the new owner has all that it has. */
function isCovered({ what, to }: Change, { catalog, laterOn }: RuleContext): boolean {
  const table = findTable(catalog, what);
  if (table?.owner === to) return true;
  const members = membersOf(catalog, to);
  if (table?.owner === undefined ? members.length > 0 : members.includes(table.owner)) return true;
  const rights = [...(table?.rights ?? []), ...rightsGiven(what, laterOn(what.name), catalog)];
  return rights.some((right) => WRITES.test(right) && !right.endsWith(` ${to}`));
}

function changed(change: Change, context: RuleContext): Verdict | null {
  const { engine } = context;
  if (isCovered(change, context)) return null;
  const name = engine.quoteRelation(change.what);
  const to = engine.quote(change.to);
  return {
    message: `Rights go with an owner: code that logs in as the one that ${name} had until now is refused (42501). Assumed: running code does, as no file gives another role what it takes to write ${name}.`,
    help: `Make the old owner a member of the new one first: GRANT ${to} TO <old owner>; or in the same transaction, behind this statement: GRANT SELECT, INSERT, UPDATE, DELETE ON ${name} TO <old owner>;`,
  };
}

function reassigned({ operation, catalog, engine }: RuleContext): Verdict | null {
  const owners = detailOf(operation, "administration")?.owners;
  if (owners === undefined) return null;
  const members = membersOf(catalog, owners.to);
  const left = owners.from.filter((role) => !members.includes(role) && role !== owners.to);
  if (left.length === 0) return null;
  const names = left.map((role) => engine.quote(role)).join(", ");
  return {
    message: `Rights go with an owner: code that logs in as ${names} is refused by all that it owned (42501). Assumed: running code does.`,
    help: `Make them members of the new owner first: GRANT ${engine.quote(owners.to)} TO ${names};`,
  };
}

export const rule: Rule = {
  id: "changing-owner",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  protects: "An owner needs no GRANT, and code that logs in as one has none: with another owner it is shut out.",
  check(context) {
    if (context.phase === "contract") return null;
    const change = changeOf(context.operation);
    return change === null ? reassigned(context) : changed(change, context);
  },
  bad: [
    { sql: "ALTER TABLE users OWNER TO admin;" },
    { sql: "REASSIGN OWNED BY app TO admin;" },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint);\nGRANT SELECT ON users TO reports;\nALTER TABLE users OWNER TO admin;",
    },
  ],
  good: [
    { sql: "CREATE TABLE users (id bigint);\nALTER TABLE users OWNER TO admin;" },
    { sql: "GRANT admin TO app;\nALTER TABLE users OWNER TO admin;" },
    { sql: "GRANT admin TO app;\nREASSIGN OWNED BY app TO admin;" },
    {
      sql: "BEGIN;\nALTER TABLE users OWNER TO admin;\nGRANT SELECT, INSERT, UPDATE, DELETE ON users TO app;\nCOMMIT;",
    },
    { sql: "ALTER FUNCTION add_one(int) OWNER TO admin;" },
  ],
};

import { publishedChanges } from "../src/engines/table-lookup.js";
import type { Breakage } from "../src/model/effect.js";
import type { RelationName } from "../src/model/name.js";
import { isIdentifiedBehind, isTakenWellBehind, newUnidentified } from "./replica-identity.js";
import { POSTGRES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

const NOTES = "CREATE TABLE IF NOT EXISTS notes (body text);";
const USERS = "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name text);";
const PUBLISHED = "CREATE PUBLICATION changes FOR TABLE users;";

const isMendedBehind = ({ partly }: Breakage, relation: RelationName, context: RuleContext): boolean =>
  partly === true ? isTakenWellBehind(relation, context) : isIdentifiedBehind(relation, context);

const partHelp = (table: string): string =>
  `Let the publication's WHERE name columns of the replica identity alone, and its list have all of them; or give ${table} an identity that has them: a unique index of columns that are NOT NULL, by CREATE UNIQUE INDEX CONCURRENTLY, then ALTER TABLE ${table} REPLICA IDENTITY USING INDEX ...; or publish what needs no identity alone: WITH (publish = 'insert, truncate').`;

/** Nobody writes to it yet: its own rows are what the next release cannot change. */
function ofNewTable(context: RuleContext): Verdict | null {
  const { catalog, engine } = context;
  const made = newUnidentified(context);
  const published = made === null ? [] : publishedChanges(catalog, made);
  const verbs = ["update", "delete"].filter((verb) => published.includes(verb));
  if (made === null || verbs.length === 0) return null;
  const table = engine.quoteRelation(made);
  const what = verbs.map((verb) => `${verb.toUpperCase()}s`).join(" and ");
  return {
    severity: "warning",
    message: `${what} of ${table} will fail (55000): a publication takes every table, and nothing tells the rows of this one apart.`,
    help: `Give ${table} a primary key while it is empty; or write ALTER TABLE ${table} REPLICA IDENTITY FULL; behind it.`,
  };
}

const FILTERED = "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, org bigint);";
const EVERY = "CREATE PUBLICATION changes FOR ALL TABLES;";

export const rule: Rule = {
  id: "publishing-without-identity",
  engines: POSTGRES,
  severity: "error",
  protects: "A published table without a replica identity takes no UPDATE and no DELETE any more.",
  onFreshTables: true,
  check(context) {
    const { operation, effect, engine, filled } = context;
    if (operation.kind === "create-table") return ofNewTable(context);
    // What the file has made nobody writes to yet.
    if (operation.relation !== null && filled !== null) return null;
    const open = effect.breaks.filter((one) => one.unidentified && !isMendedBehind(one, one.unidentified, context));
    const [first] = open;
    if (first?.unidentified === undefined) return null;
    const more =
      open.length === 1
        ? ""
        : `; so it is with ${open
            .slice(1)
            .map(({ unidentified }) => unidentified && engine.quoteRelation(unidentified))
            .join(", ")}`;
    const table = engine.quoteRelation(first.unidentified);
    const message = `From now on ${first.why}${more}.`;
    if (first.partly === true) return { message, help: partHelp(table) };
    if (detailOf(operation, "create-object") === null && detailOf(operation, "alter-object") === null)
      return {
        message,
        help: `Give ${table} another identity in front of it: ALTER TABLE ${table} REPLICA IDENTITY USING INDEX ... of a unique index of columns that are NOT NULL, or REPLICA IDENTITY FULL, so that each change carries the whole row; or put the new key into the same statement.`,
      };
    return {
      message,
      help: `Write ALTER TABLE ${table} REPLICA IDENTITY FULL; in front of it, so that each change carries the whole row; or give the table a primary key first; or publish what needs no identity alone: WITH (publish = 'insert, truncate').`,
    };
  },
  bad: [
    { sql: `${FILTERED}\nCREATE PUBLICATION changes FOR TABLE users WHERE (org = 1);`, version: "15" },
    { sql: `${FILTERED}\nCREATE PUBLICATION changes FOR TABLE users (org);`, version: "15" },
    { sql: `${EVERY}\nCREATE TABLE marks (a int);` },
    { sql: `${USERS}\n${PUBLISHED}\nALTER TABLE users DROP CONSTRAINT users_pkey;` },
    { sql: `${USERS}\n${PUBLISHED}\n-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN id;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes FOR TABLE notes;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes FOR ALL TABLES;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes;\nALTER PUBLICATION changes ADD TABLE notes;` },
    { sql: `${NOTES}\n-- zmigrate:phase contract\nCREATE PUBLICATION changes FOR TABLE notes;` },
  ],
  good: [
    { sql: `${FILTERED}\nCREATE PUBLICATION changes FOR TABLE users (id, org) WHERE (id > 5);`, version: "15" },
    { sql: `${EVERY}\nCREATE TABLE marks (a int PRIMARY KEY);` },
    { sql: `${USERS}\n${PUBLISHED}\nALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (id);` },
    { sql: `${USERS}\n${PUBLISHED}\nDROP PUBLICATION changes;\nALTER TABLE users DROP CONSTRAINT users_pkey;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes FOR TABLE notes WITH (publish = 'insert');` },
    { sql: `${NOTES}\nALTER TABLE notes REPLICA IDENTITY FULL;\nCREATE PUBLICATION changes FOR TABLE notes;` },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nCREATE PUBLICATION changes FOR TABLE users;",
    },
    { sql: "CREATE PUBLICATION changes FOR TABLE users;" },
  ],
};

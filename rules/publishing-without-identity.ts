import { isIdentifiedBehind } from "./replica-identity.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const NOTES = "CREATE TABLE IF NOT EXISTS notes (body text);";
const USERS = "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, name text);";
const PUBLISHED = "CREATE PUBLICATION changes FOR TABLE users;";

export const rule: Rule = {
  id: "publishing-without-identity",
  engines: POSTGRES,
  severity: "error",
  protects: "A published table without a replica identity takes no UPDATE and no DELETE any more.",
  check(context) {
    const { operation, effect, engine } = context;
    const open = effect.breaks.filter((one) => one.unidentified && !isIdentifiedBehind(one.unidentified, context));
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
    { sql: `${USERS}\n${PUBLISHED}\nALTER TABLE users DROP CONSTRAINT users_pkey;` },
    { sql: `${USERS}\n${PUBLISHED}\n-- zmigrate:phase contract\nALTER TABLE users DROP COLUMN id;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes FOR TABLE notes;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes FOR ALL TABLES;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes;\nALTER PUBLICATION changes ADD TABLE notes;` },
    { sql: `${NOTES}\n-- zmigrate:phase contract\nCREATE PUBLICATION changes FOR TABLE notes;` },
  ],
  good: [
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

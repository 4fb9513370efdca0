import { isIdentifiedBehind } from "./replica-identity.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const NOTES = "CREATE TABLE IF NOT EXISTS notes (body text);";

export const rule: Rule = {
  id: "publishing-without-identity",
  engines: POSTGRES,
  severity: "error",
  protects: "A published table without a replica identity takes no UPDATE and no DELETE any more.",
  check(context) {
    const { operation, effect, engine } = context;
    const made = detailOf(operation, "create-object") ?? detailOf(operation, "alter-object");
    if (made?.object !== "publication") return null;
    const open = effect.breaks.filter(({ of }) => of !== undefined && !isIdentifiedBehind(of, context));
    const [first] = open;
    if (first?.of === undefined) return null;
    const more =
      open.length === 1
        ? ""
        : `; so it is with ${open
            .slice(1)
            .map(({ of }) => of && engine.quoteRelation(of))
            .join(", ")}`;
    return {
      message: `From now on ${first.why}${more}.`,
      help: `Write ALTER TABLE ${engine.quoteRelation(first.of)} REPLICA IDENTITY FULL; in front of it, so that each change carries the whole row; or give the table a primary key first; or publish what needs no identity alone: WITH (publish = 'insert, truncate').`,
    };
  },
  bad: [
    { sql: `${NOTES}\nCREATE PUBLICATION changes FOR TABLE notes;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes FOR ALL TABLES;` },
    { sql: `${NOTES}\nCREATE PUBLICATION changes;\nALTER PUBLICATION changes ADD TABLE notes;` },
    { sql: `${NOTES}\n-- zmigrate:phase contract\nCREATE PUBLICATION changes FOR TABLE notes;` },
  ],
  good: [
    { sql: `${NOTES}\nCREATE PUBLICATION changes FOR TABLE notes WITH (publish = 'insert');` },
    { sql: `${NOTES}\nALTER TABLE notes REPLICA IDENTITY FULL;\nCREATE PUBLICATION changes FOR TABLE notes;` },
    {
      sql: "CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY);\nCREATE PUBLICATION changes FOR TABLE users;",
    },
    { sql: "CREATE PUBLICATION changes FOR TABLE users;" },
  ],
};

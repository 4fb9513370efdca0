import type { Operation } from "../src/model/operation.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

/** TRUNCATE has a rule of its own. DROP OWNED and REVOKE keep the word to themselves: the text tells. */
function cascades(operation: Operation, text: string): boolean {
  if (operation.kind !== "other") return operation.kind === "drop-column" && operation.cascade;
  const { detail } = operation;
  if (detail === undefined || detail.kind === "truncate") return false;
  // A schema goes with all that is in it, cascade or not: that has a rule of its own.
  if (detail.kind === "drop-object" && (detail.object === "schema" || detail.object === "database")) return false;
  if ("cascade" in detail) return detail.cascade;
  const ofText = detail.kind === "privileges" || (detail.kind === "administration" && detail.action === "drop-owned");
  return ofText && /\bCASCADE\s*;?\s*$/i.test(text);
}

/** ALTER TYPE ... ATTRIBUTE ... CASCADE: tables of the type are altered with it. */
const alters = (operation: Operation): boolean =>
  detailOf(operation, "alter-object")?.object === "type" &&
  detailOf(operation, "alter-object")?.changes.includes("CASCADE") === true;

export const rule: Rule = {
  id: "ban-cascade",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  protects: "CASCADE reaches whatever depends on the thing when it runs, and no file says what that is.",
  check({ operation, written }) {
    if (alters(operation)) {
      return {
        message:
          "Every table of this type is altered with it, under its strongest lock, and rewritten where a type changes.",
        help: "Find the tables (SELECT oid::regclass FROM pg_class WHERE reloftype <> 0), and make the change at each of them by itself.",
      };
    }
    if (!cascades(operation, written.text)) return null;
    return {
      message:
        "CASCADE drops what depends on it too: views, functions, foreign keys of other tables, as many as there are.",
      help: "Leave CASCADE out: the server then names what depends on it. Drop that first, each with a statement of its own.",
    };
  },
  bad: [
    { sql: "DROP VIEW active_users CASCADE;" },
    { sql: "ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE;" },
    { sql: "ALTER TYPE address ADD ATTRIBUTE zip text CASCADE;" },
  ],
  good: [{ sql: "DROP VIEW active_users RESTRICT;" }, { sql: "ALTER TYPE address ADD ATTRIBUTE zip text;" }],
};

import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "require-definer-search-path",
  engines: POSTGRES,
  severity: "info",
  defaultOff: true,
  aside: true,
  protects:
    "A SECURITY DEFINER function finds its tables by the caller's search_path, who may put others in their place.",
  check({ operation, written }) {
    const created = detailOf(operation, "create-object");
    if (created?.object !== "function" && created?.object !== "procedure") return null;
    const { body } = created;
    const [from, to] = body === null ? [0, 0] : [body.start - written.start, body.end - written.start];
    const head = written.text.slice(0, from) + written.text.slice(to);
    if (!/\bSECURITY\s+DEFINER\b/i.test(head) || /\bSET\s+search_path\b/i.test(head)) return null;
    return {
      message:
        "Whoever calls it chooses with search_path which tables and functions it means, and it runs as its owner.",
      help: "Add SET search_path = pg_catalog, pg_temp to its definition, and name schemas in its body.",
    };
  },
  bad: [{ sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';" }],
  good: [
    {
      sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';",
    },
    { sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';" },
  ],
};

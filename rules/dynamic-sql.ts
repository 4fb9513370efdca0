import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

export const rule: Rule = {
  id: "dynamic-sql",
  engines: ALL_ENGINES,
  severity: "info",
  aside: true,
  onFreshTables: true,
  protects: "SQL that is put together when it runs is read by nobody before: what it locks or drops is not known.",
  check({ operation, engine }) {
    const code = detailOf(operation, "create-object")?.code;
    const unknown = code?.unknown.find(({ why }) => why === "dynamic");
    if (unknown === undefined) return null;
    return {
      message: "What this runs is only known when it runs: nothing is said of it, here or where the routine is called.",
      help: `Write the statement out where its text does not depend on anything; else ${engine.name === "postgres" ? "quote names with format('%I')" : "take names from a list of its own"} and bind values with USING.`,
      span: unknown.span,
    };
  },
  bad: [
    {
      sql: "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('DROP TABLE %I', t); END $$;",
      engines: ["postgres"],
    },
    { sql: "CREATE PROCEDURE p() BEGIN PREPARE s FROM @x; EXECUTE s; END;", engines: ["mysql", "mariadb"] },
  ],
  good: [
    {
      sql: "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;",
      engines: ["postgres"],
    },
    { sql: "CREATE PROCEDURE p() BEGIN SELECT 1; END;", engines: ["mysql", "mariadb"] },
  ],
};

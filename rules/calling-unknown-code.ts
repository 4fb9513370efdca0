import { namesText } from "../src/plural.js";
import { ALL_ENGINES, type Rule } from "./rule.js";

export const rule: Rule = {
  id: "calling-unknown-code",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  protects:
    "A routine may lock tables, or take away what running code uses, and the file that calls it does not show it.",
  check({ effect }) {
    const { unknownCalls = [] } = effect;
    if (unknownCalls.length === 0) return null;
    return {
      message: `No file tells all that ${namesText(unknownCalls)} ${unknownCalls.length === 1 ? "does" : "do"}: that may keep others waiting, or change what running code uses.`,
      help: "Look at what is locked and changed there; then say so: `-- zmigrate:ignore calling-unknown-code -- what it does`.",
    };
  },
  bad: [
    { sql: "CALL tidy();" },
    { sql: "SELECT partman.run_maintenance();", engines: ["postgres"] },
    { sql: "SELECT create_hypertable('metrics', 'time');", engines: ["postgres"] },
    { sql: "DO $$ BEGIN PERFORM tidy(); END $$;", engines: ["postgres"] },
    {
      sql: "CREATE FUNCTION runs(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;\nSELECT runs('SELECT 1');",
      engines: ["postgres"],
    },
  ],
  good: [
    {
      sql: "CREATE TABLE metrics (time timestamptz NOT NULL);\nSELECT create_hypertable('metrics', 'time');",
      engines: ["postgres"],
    },
    {
      sql: "CREATE FUNCTION tidy() RETURNS int LANGUAGE sql AS 'SELECT 1';\nSELECT tidy();",
      engines: ["postgres"],
    },
    { sql: "SELECT now();" },
  ],
};

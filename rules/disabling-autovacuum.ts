import type { Operation } from "../src/model/operation.js";
import { POSTGRES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

const OFF = /^(?:off?|false|fals?|f|no?|0)$/i;
const OPTION = /^(?:toast\.)?autovacuum_enabled$/i;

/** The storage parameters of CREATE TABLE and what ALTER SYSTEM sets are only in the text. */
const IN_TEXT = /\bautovacuum(?:_enabled)?\s*(?:=|\bTO\b)\s*'?(?:off|false|no|0)\b/i;

function isOff(operation: Operation, text: string): boolean {
  const set = detailOf(operation, "set-table-option");
  if (set !== null) return OPTION.test(set.option) && OFF.test(set.value ?? "");
  const byText = operation.kind === "create-table" || detailOf(operation, "administration")?.action === "alter-system";
  return byText && IN_TEXT.test(text.replace(/--.*|\/\*[\s\S]*?\*\//g, " "));
}

export const rule: Rule = {
  id: "disabling-autovacuum",
  engines: POSTGRES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects: "Without autovacuum a table grows by every UPDATE and its statistics grow old, until somebody remembers.",
  check({ operation, written, engine }) {
    if (!isOff(operation, written.text)) return null;
    const table = operation.relation === null ? null : engine.quoteRelation(operation.relation);
    const [whose, gentler] =
      table === null
        ? ["all tables of the server grow", "ALTER SYSTEM SET autovacuum_vacuum_cost_limit = 200;"]
        : [`${table} grows`, `ALTER TABLE ${table} SET (autovacuum_vacuum_cost_limit = 200);`];
    return {
      message: `Dead rows are no longer removed and statistics no longer renewed: ${whose} and plans get worse.`,
      help: `Leave autovacuum on; for a large change make it gentler for a while: ${gentler}`,
    };
  },
  bad: [
    { sql: "ALTER TABLE users SET (autovacuum_enabled = off);" },
    { sql: "CREATE TABLE users (id bigint) WITH (autovacuum_enabled = false);" },
    { sql: "ALTER SYSTEM SET autovacuum = off;" },
  ],
  good: [
    { sql: "ALTER TABLE users SET (autovacuum_enabled = on);" },
    { sql: "ALTER TABLE users RESET (autovacuum_enabled);" },
    { sql: "ALTER TABLE users SET (autovacuum_vacuum_scale_factor = 0.05);" },
  ],
};

import { mayRefuse } from "../src/engines/mysql/effects/generated-value.js";
import type { RuleContext, Verdict } from "./rule.js";

/** What to do about a computed column that refuses rows of running code; null where it is about something else (MySQL, MariaDB). */
export function helpForComputed({ operation, effect, engine }: RuleContext): string | null {
  if (engine.name === "postgres" || operation.kind !== "add-column" || operation.column.generated === null) return null;
  const { name, notNull, type } = operation.column;
  if (!effect.breaks.some(({ why }) => why.includes(`${name} is `))) return null;
  return notNull && effect.breaks.some(({ why }) => why.includes("(1048)"))
    ? `Write it without NOT NULL, or compute a value for NULL, too: COALESCE(..., 0).`
    : `Give ${engine.quote(name)} a type that holds all that it is computed from; or compute what fits: ${fitting(type)}.`;
}

/** A number in the brackets of a text's type is its length. */
function fitting(type: string): string {
  const length = /^\s*(?:var)?char\w*\s*\(\s*(\d+)/i.exec(type)?.[1];
  return length === undefined ? "CASE WHEN ... THEN ... END, which is NULL for the others" : `LEFT(..., ${length})`;
}

/** A computed column whose value no type tells: rows that are there, and running code, may have what it refuses. */
export function computedValue({ operation, engine }: RuleContext): Verdict | null {
  if (engine.name === "postgres" || operation.kind !== "add-column") return null;
  const { column } = operation;
  const refused = mayRefuse(column, engine.name);
  if (refused === null) return null;
  const name = engine.quote(column.name);
  return {
    severity: "info",
    message: `Every INSERT and UPDATE of a row ${refused}: ${name} is computed from it.`,
    help: refused.startsWith("whose divisor")
      ? "Divide by NULLIF(..., 0), which gives NULL."
      : engine.name === "mysql"
        ? "Read it by JSON_VALUE(..., '$.path' RETURNING SIGNED), or DECIMAL, DATE and so on, which gives NULL for the others; and without NOT NULL."
        : "Compute NULL for the others: CASE WHEN JSON_VALUE(..., '$.path') REGEXP '^-?[0-9]+$' THEN JSON_VALUE(..., '$.path') END.",
  };
}

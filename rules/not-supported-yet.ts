import type { Operation } from "../src/model/operation.js";
import type { SyntaxProblem } from "../src/model/statement.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf, isUnderstood } from "./understood.js";

/** The part of a statement that is not understood, and why; null where it is all of it. */
function partOf(operation: Operation): SyntaxProblem | null {
  if (operation.kind !== "other") return null;
  const [unknown] = detailOf(operation, "opaque")?.code?.unknown ?? [];
  return unknown ?? operation.misread ?? null;
}

/** The part stands in the statement; not so in the body of a routine that it calls, which may be in another file. */
const isInside = ({ span }: SyntaxProblem, operation: Operation): boolean =>
  span.start >= operation.span.start && span.end <= operation.span.end;

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
};

export const rule: Rule = {
  id: "not-supported-yet",
  engines: ALL_ENGINES,
  severity: "error",
  onFreshTables: true,
  protects: "Silence about a statement that nobody has judged would be taken for consent.",
  check({ operation, effect }) {
    if (operation.kind !== "other" || operation.harmless || isUnderstood(operation)) return null;
    // `calling-unknown-code` says it.
    if (effect.unknownCalls !== undefined) return null;
    const part = partOf(operation);
    return {
      message: `What this statement (${operation.what}) does cannot be told from its text${part === null ? "" : `: ${shortened(part.message)}`}.`,
      help: "Check by hand what it locks and which code it breaks, then say so: `-- zmigrate:ignore not-supported-yet -- why it is safe`.",
      ...(part === null || !isInside(part, operation) ? {} : { span: part.span }),
    };
  },
  bad: [
    { sql: "DO $$ BEGIN EXECUTE x; END $$;", engines: ["postgres"] },
    { sql: "CREATE PROCEDURE p() BEGIN\n  SELEC 1;\nEND;", engines: ["mysql", "mariadb"] },
  ],
  good: [{ sql: "SELECT 1;" }, { sql: "CREATE TABLE users (id bigint PRIMARY KEY);" }],
};

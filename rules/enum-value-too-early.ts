import { enumLiterals } from "../src/engines/postgres/enum-literals.js";
import type { Code } from "../src/model/detail/code.js";
import type { Span } from "../src/model/span.js";
import { isOff } from "./commits-itself.js";
import { POSTGRES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

interface Read {
  readonly sql: string;
  /** Absent for all of the statement. */
  readonly span?: Span;
}

/** Of code, the statements that the server looks at. Behind a condition it may look at none. */
const certainOf = ({ operations }: Code): readonly Read[] =>
  operations
    .filter(({ conditional, repeated, behindExit, guarded }) => !conditional && !repeated && !behindExit && !guarded)
    .map(({ statement, operation }) => ({ sql: statement, span: operation.span }));

/** The SQL that the server looks at when it takes a statement: bodies in PL/pgSQL are texts to it until they run. */
function readAtOnce({ operation, written, settings }: RuleContext): readonly Read[] {
  const own = { sql: written.text };
  const block = detailOf(operation, "opaque");
  if (block?.how === "do") return block.code === undefined ? [] : certainOf(block.code);
  const code = detailOf(operation, "create-object")?.code;
  const isLooked = code?.language === "sql" && !isOff(settings.check_function_bodies ?? "on");
  return code !== undefined && isLooked ? [own, ...certainOf(code)] : [own];
}

const refused = (value: string): Verdict => ({
  message: `PostgreSQL refuses '${value}' here (55P04): this transaction has added it to its enum and is not committed.`,
  help: "COMMIT behind ALTER TYPE ... ADD VALUE, and use the value in the next transaction.",
});

export const rule: Rule = {
  id: "enum-value-too-early",
  engines: POSTGRES,
  severity: "error",
  aside: true,
  onFreshTables: true,
  protects: "PostgreSQL refuses a value of an enum in the transaction that has added it.",
  check(context) {
    const { operation, siblings, inBlock, written, catalog, engine } = context;
    // A statement is read as a whole.
    if (inBlock || operation !== siblings[0]) return null;
    const named = context.enumValues.filter(({ value }) => written.text.includes(value.replaceAll("'", "''")));
    let possible: Verdict | null = null;
    for (const { sql, span } of named.length === 0 ? [] : readAtOnce(context))
      for (const { type, value } of named) {
        const literals = enumLiterals(sql, type, catalog);
        const place = span === undefined ? {} : { span };
        if (literals.certain.has(value)) return { ...refused(value), ...place };
        if (!literals.possible.has(value)) continue;
        const assumed = `Assumed: it is read as one of ${engine.quoteRelation(type)}.`;
        const { message, help } = refused(value);
        possible ??= { severity: "warning", message: `${message} ${assumed}`, help, ...place };
      }
    return possible;
  },
  bad: [
    {
      sql: "CREATE TABLE people (id bigint PRIMARY KEY, mood mood);\nBEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nALTER TABLE people ALTER COLUMN mood SET DEFAULT 'calm';\nCOMMIT;",
    },
    {
      sql: "CREATE TABLE people (id bigint PRIMARY KEY, mood mood);\nBEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nINSERT INTO people (id, mood) VALUES (1, 'calm');\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nSELECT 'calm'::mood;\nCOMMIT;" },
    {
      sql: "CREATE TYPE m3 AS ENUM ('a');\nBEGIN;\nALTER TYPE m3 ADD VALUE 'b';\nCREATE TABLE mm (id bigint PRIMARY KEY, m m3 DEFAULT 'b');\nCOMMIT;",
    },
  ],
  good: [
    {
      sql: "CREATE TABLE people (id bigint PRIMARY KEY, kind text);\nBEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nALTER TABLE people ALTER COLUMN kind SET DEFAULT 'calm';\nCOMMIT;",
    },
    {
      sql: "BEGIN;\nCREATE TYPE m3 AS ENUM ('a');\nALTER TYPE m3 ADD VALUE 'b';\nCREATE TABLE mm (id bigint PRIMARY KEY, m m3 DEFAULT 'b');\nCOMMIT;",
    },
    { sql: "ALTER TYPE mood ADD VALUE 'calm';\nINSERT INTO users (mood) VALUES ('calm');" },
    {
      sql: "BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nCOMMIT;\nBEGIN;\nINSERT INTO users (mood) VALUES ('calm');\nCOMMIT;",
    },
    { sql: "BEGIN;\nALTER TYPE mood ADD VALUE 'calm';\nALTER TYPE mood ADD VALUE 'glad' AFTER 'calm';\nCOMMIT;" },
  ],
};

import type { ObjectType } from "../../../model/detail/object.js";
import type { Operation } from "../../../model/operation.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { parseMysql } from "../parse/index.js";
import { tokenize } from "../parse/lexer.js";

/** What becomes of a statement of a history in a scratch schema. */
export type Verdict =
  | { readonly kind: "run" }
  /** About accounts, which are the server's: the schema is the same without it. */
  | { readonly kind: "leave-out" }
  | { readonly kind: "refuse"; readonly reason: string };

const RUN: Verdict = Object.freeze({ kind: "run" });
const LEAVE_OUT: Verdict = Object.freeze({ kind: "leave-out" });
const refuse = (reason: string): Verdict => Object.freeze({ kind: "refuse", reason });

/** What lives in a schema, and goes with it. */
const IN_SCHEMA: ReadonlySet<ObjectType> = new Set(["view", "trigger", "function", "procedure", "event", "sequence"]);
const ACCOUNTS: ReadonlySet<ObjectType> = new Set(["user", "role"]);

/** Kinds whose work cannot be seen in their text, or is about more than a schema. */
const BEYOND: ReadonlySet<string> = new Set([
  "administration",
  "exchange-partition",
  "opaque",
  "prepare-statement",
  "secondary-engine",
  "tablespace-files",
  "use",
]);

/** Ours: the text that it prepares stands in it, and names what the statements before it have named. */
const OWN =
  /^(?:SET @zmigrate_\w+ = |(?:PREPARE|EXECUTE|DEALLOCATE PREPARE) zmigrate_statement\b|SET SESSION foreign_key_checks = [01]$|SET SESSION sql_mode = |DO 0$)/;

function ofOperation(operation: Operation): Verdict {
  if (operation.kind !== "other") return RUN;
  const { detail, what } = operation;
  if (detail === undefined) return operation.harmless ? RUN : refuse(`what ${what} does is not known`);
  if (detail.kind === "privileges") return LEAVE_OUT;
  if (BEYOND.has(detail.kind))
    return refuse(`what ${what} does reaches beyond a schema, or cannot be seen in its text`);
  if (detail.kind === "set-variables" && detail.settings.some((s) => /^(?:global|persist)/.test(s.scope)))
    return refuse("it changes a setting of the whole server");
  if (detail.kind === "data-change" && detail.source === "file") return refuse("it reads a file");
  if (detail.kind === "query" && detail.into === "file") return refuse("it writes a file");
  if ("object" in detail && detail.object !== null) return ofObject(detail.object, what);
  return RUN;
}

function ofObject(object: ObjectType, what: string): Verdict {
  if (ACCOUNTS.has(object)) return LEAVE_OUT;
  return IN_SCHEMA.has(object) ? RUN : refuse(`${what} is about more than a schema`);
}

/** The first schema of the server that a text names in front of a dot, in the body of a routine too. */
function schemaIn(sql: string, schemas: ReadonlySet<string>, dialect: MysqlDialect): string | null {
  const { tokens } = tokenize(sql, dialect);
  const isName = (at: number) => tokens[at]?.kind === "word" || tokens[at]?.kind === "quoted";
  const at = tokens.findIndex(
    (t, n) => isName(n) && tokens[n + 1]?.text.startsWith(".") === true && schemas.has(t.value.toLowerCase()),
  );
  return tokens[at]?.value ?? null;
}

/**
 * Whether a statement stays within the schema that its session is in. What cannot be seen does not.
 *
 * @param schemas other schemas of the server, in lower case
 */
export function verdictOn(sql: string, schemas: ReadonlySet<string>, dialect: MysqlDialect): Verdict {
  if (OWN.test(sql)) return RUN;
  const { statements, problems } = parseMysql(sql, dialect);
  const [problem] = problems;
  if (problem !== undefined) return refuse(`it cannot be read: ${problem.message}`);
  const verdicts = statements.flatMap((s) => s.operations).map(ofOperation);
  const refused = verdicts.find((v) => v.kind === "refuse");
  if (refused !== undefined) return refused;
  if (verdicts.some((v) => v.kind === "leave-out")) return LEAVE_OUT;
  const schema = schemaIn(sql, schemas, dialect);
  return schema === null ? RUN : refuse(`it names the schema ${schema} of that server`);
}

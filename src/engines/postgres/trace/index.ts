import { originalText } from "../../../files/original.js";
import { positionOf } from "../../../files/position.js";
import type { Statement } from "../../../model/statement.js";
import type { Trace, Traced } from "../../../model/trace.js";
import { parsePostgres } from "../parse/parse.js";
import { type Observer, observe, observerOf } from "./observe.js";

/** A file to be replayed; those with `report` are watched. */
export interface TraceInput {
  readonly file: string;
  readonly text: string;
  readonly report: boolean;
}

/** Each statement is watched in a transaction of its own, so that those of the file are left out. */
const TRANSACTIONS: ReadonlySet<string> = new Set(
  "begin start start-transaction commit end rollback abort savepoint release release-savepoint prepare-transaction".split(
    " ",
  ),
);

/**
 * Replays histories, each in an embedded PostgreSQL of its own, and watches the statements of the files that are
 * linted: their locks, rewrites and scans. Call `loadParser` before.
 *
 * @throws ZmigrateError not-available
 */
export async function tracePostgres(histories: readonly (readonly TraceInput[])[]): Promise<Trace> {
  const { startEmbedded } = await import("./embedded.js");
  const statements: Traced[] = [];
  let version = "";
  for (const history of histories.filter((inputs) => inputs.some(({ report }) => report))) {
    const db = await startEmbedded();
    const observer = observerOf(db);
    version = db.version;
    try {
      for (const input of history) statements.push(...(await traceFile(observer, input)));
    } finally {
      await db.close();
    }
  }
  return { server: `PostgreSQL ${version}`.trim(), statements };
}

async function traceFile(observer: Observer, input: TraceInput): Promise<readonly Traced[]> {
  const traced: Traced[] = [];
  // Of a file in phases what it was before: its steps amount to that, and stand on a schema that zmigrate makes.
  for (const statement of parsePostgres(originalText(input.text) ?? input.text).statements) {
    const seen = endsTransaction(statement) ? LEFT_OUT : await observe(observer, statement.sql);
    const place = { file: input.file, span: statement.span, start: positionOf(input.text, statement.span.start) };
    if (input.report || seen.note !== null) traced.push({ ...place, sql: statement.sql, ...seen });
  }
  return traced;
}

const LEFT_OUT = {
  locks: [],
  rewrites: [],
  scans: [],
  note: "statements about transactions are left out: each statement is watched in one of its own",
} as const;

const endsTransaction = ({ operations }: Statement): boolean =>
  operations.some((operation) => operation.kind === "other" && TRANSACTIONS.has(operation.what));

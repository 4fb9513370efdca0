import type { Prepared } from "../../shadow.js";
import { classify, describe, numberOf } from "../execute/errors.js";
import type { MysqlSession } from "../execute/session.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { type Inserted, insertedBy, writtenColumns } from "./inserted.js";

/** What does not parse or cannot be prepared, and limits of the server: nothing of it is about the schema. */
const NOT_OF_THE_SCHEMA: ReadonlySet<number> = new Set([0, 1037, 1038, 1041, 1053, 1064, 1295, 1317, 1461, 3024]);

/** Where a query is asked about. */
export interface Place {
  readonly session: MysqlSession;
  readonly dialect: MysqlDialect;
  /** The schema's name, which no reason may hold. */
  readonly name: string;
}

function refused(error: unknown, { name }: Place): Prepared {
  const reason = describe(error).replaceAll(`${name}.`, "");
  const untold = NOT_OF_THE_SCHEMA.has(numberOf(error)) || classify(error) === "connection-lost";
  return { kind: untold ? "unknown" : "breaks", reason };
}

async function leftOutBy(session: MysqlSession, inserted: Inserted | null) {
  return inserted === null ? null : await writtenColumns(session, inserted);
}

/**
 * Prepares a query in a schema, and tells what it takes and returns. It is not run. The servers do not say how they
 * understand a query beside where its columns come from, nor of what type its parameters are.
 *
 * @param query whose statement the guard has let pass
 */
export async function prepare(query: string, place: Place): Promise<Prepared> {
  const { session, dialect } = place;
  try {
    const { parameters, columns } = await session.describe(query);
    const insert = await leftOutBy(session, insertedBy(query, dialect));
    if (insert !== null && insert.missing !== null)
      return { kind: "breaks", reason: `it leaves out ${insert.missing}, which is NOT NULL and has no default` };
    const origins = columns.map((c) => c.origin).filter((origin) => origin !== "");
    return {
      kind: "works",
      columns: columns.map(({ name, type }) => ({ name, type })),
      parameters: Array.from({ length: parameters }, () => "any type"),
      meaning: [...origins, ...(insert?.written ?? [])].join(" "),
      leavesOut: insert?.maybe ?? [],
    };
  } catch (error) {
    return refused(error, place);
  }
}

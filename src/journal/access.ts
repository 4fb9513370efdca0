import type { Database, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";

/** What a role may not do with the journal is told with what to grant. @throws ZmigrateError journal-denied */
export async function allowed<T>(database: Database, use: "read" | "write", ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (database.classify(cause) !== "permission") throw cause;
    const { user } = database.server;
    const grants = database.journal.grants(database.server, use);
    const grantUnbegun = use === "read" ? database.journal.grantUnbegun?.(database.server) : undefined;
    const data = { user, reason: database.describe(cause), grants };
    throw new ZmigrateError("journal-denied", grantUnbegun === undefined ? data : { ...data, grantUnbegun }, { cause });
  }
}

/** False on a database that has no journal. @throws ZmigrateError journal-denied to a role that may not know */
export async function isThere(database: Database, session: Session): Promise<boolean> {
  try {
    return (await allowed(database, "read", () => session.query(database.journal.exists))).length > 0;
  } catch (error) {
    if (database.journal.isAbsent(error)) return false;
    throw error;
  }
}

import type { Catalog, Table } from "../../../model/catalog.js";
import type { BackfillWork } from "../../../model/step.js";
import { wholeOf } from "../../data-change/whole.js";
import type { Session, Version } from "../../engine.js";
import type { Shadow, Sight } from "../../shadow.js";
import { introspect } from "../introspect/index.js";
import { literal, quote, quoteRelation } from "../names.js";
import { hasNotNullConstraints } from "../strategies/constraints.js";
import type { Embedded } from "../trace/embedded.js";
import { type Observer, observerOf } from "../trace/observe.js";
import { comparable } from "./comparable.js";
import { prepare } from "./prepare.js";
import { alone, watch } from "./watch.js";

/** The statements that a shadow begins with: what the runner makes on a real server before the first migration. */
const BEGIN = "CREATE SCHEMA zmigrate";

/** Roles are the server's, not the history's: one that is named and not there is made. */
const MISSING_ROLE = /^role "(.+)" does not exist$/;

function sessionOf(db: Embedded): Session {
  return {
    id: 0,
    lost: new AbortController().signal,
    sent: () => 0,
    query: async <R extends object>(sql: string, params?: readonly unknown[]) => db.texts<R>(sql, params),
    close: () => Promise.resolve(),
  };
}

async function run(observer: Observer, statements: readonly string[], how: typeof watch = watch): Promise<Sight> {
  for (;;) {
    const seen = await how(observer, statements);
    const role = MISSING_ROLE.exec(seen.failed ?? "")?.[1];
    if (role === undefined) return seen;
    await observer.db.exec(`CREATE ROLE ${quote(role)}`);
  }
}

/** The sync triggers know a backfill by the setting, as in a batch. */
function fillingOf(work: BackfillWork): string[] {
  const { relation, set, where, statement } = work;
  if (statement !== undefined) return [wholeOf(statement, work)];
  return [
    `SELECT pg_catalog.set_config('zmigrate.backfill', ${literal(quoteRelation(relation))}, true)`,
    `UPDATE ${quoteRelation(relation)} SET ${set} WHERE ${where}`,
  ];
}

/** Before 18 NOT NULL was no constraint with a name of its own. */
function asBefore18(table: Table): Table {
  return { ...table, constraints: table.constraints.filter((c) => c.kind !== "not-null") };
}

/** Before 17 a partition's column had a sequence of its own or none: the parent's identity was not its. */
function asBefore17(table: Table): Table {
  if ((table.partitionOf ?? null) === null) return table;
  return { ...table, columns: table.columns.map((c) => ({ ...c, identity: null })) };
}

async function catalogOf(db: Embedded, version: Version): Promise<Catalog> {
  const catalog: Catalog = { ...(await introspect(sessionOf(db))), source: "shadow" };
  const older = [...(hasNotNullConstraints(version) ? [] : [asBefore18]), ...(major(version) < 17 ? [asBefore17] : [])];
  return older.length === 0 ? catalog : { ...catalog, tables: older.reduce((all, as) => all.map(as), catalog.tables) };
}

const major = ({ parts }: Version): number => parts[0] ?? 0;

/**
 * An embedded PostgreSQL with nothing in it, in this process.
 *
 * @param texts what will be run in it: the extensions that they name are loaded
 * @param version whose schema it shows: of an older one, what that has
 * @throws ZmigrateError not-available
 * @example
 * const shadow = await openShadow([], { text: "18", parts: [18] });
 * await shadow.run(["CREATE TABLE t (a int)"]); // { locks: [], rewrites: [], failed: null, watched: true }
 */
export async function openShadow(texts: readonly string[], version: Version): Promise<Shadow> {
  const { startEmbedded } = await import("../trace/embedded.js");
  const db = await startEmbedded(texts);
  await db.exec(BEGIN);
  const observer = observerOf(db);
  return Object.freeze({
    name: `PostgreSQL ${db.version}`,
    version: { text: db.version, parts: db.version.split(".").map(Number) },
    run: (statements: readonly string[]) => run(observer, statements),
    replay: (statement: string) => run(observer, [statement], alone),
    fill: (work: BackfillWork) => run(observer, fillingOf(work)),
    prepare: (query: string) => prepare(db, query),
    introspect: () => catalogOf(db, version),
    comparable,
    isolated: true as const,
    close: () => db.close(),
  });
}

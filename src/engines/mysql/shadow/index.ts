import { ZmigrateError } from "../../../errors.js";
import type { Catalog, Table } from "../../../model/catalog.js";
import type { Operation } from "../../../model/operation.js";
import type { BackfillWork } from "../../../model/step.js";
import { wholeOf } from "../../data-change/whole.js";
import type { ConnectOptions, Session, Version } from "../../engine.js";
import type { Prepared, Shadow, ShadowServer, Sight } from "../../shadow.js";
import { openSession, serverInfo } from "../execute/connect.js";
import { classify, describe } from "../execute/errors.js";
import { reset, runOne } from "../execute/run.js";
import type { MysqlSession } from "../execute/session.js";
import { targetOf } from "../execute/url.js";
import { introspect } from "../introspect/index.js";
import { quote, quoteRelation } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { parseMysql } from "../parse/index.js";
import { prepareBackfill } from "../ranges/batch.js";
import { inServersMode, isMadeInMode } from "../server-mode.js";
import { markBackfill } from "../triggers/mark.js";
import { comparable } from "./comparable.js";
import { verdictOn } from "./guard.js";
import { prepare } from "./prepare.js";
import { rewritten, tableIds } from "./rewrites.js";
import { dropLeftOvers, dropScratch, makeScratch, schemasOf } from "./scratch.js";

/** Where a session stands that is in no schema of anybody's. */
const NOWHERE = "information_schema";

function inSchema(url: string, schema: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(schema)}`;
  return changed.href;
}

/** What one shadow works with. */
interface Scratch {
  readonly dialect: MysqlDialect;
  readonly name: string;
  readonly session: MysqlSession;
  /** Other schemas of the server, in lower case. */
  readonly others: ReadonlySet<string>;
  readonly target: string;
  open(): Promise<Session>;
}

/** Nobody else is in a scratch schema. */
const PATIENT = Object.freeze({ lockMs: 0, statementMs: 0 });

const NOTHING: Sight = Object.freeze({ locks: [], rewrites: [], failed: null, watched: true, evidence: "server" });

/** Without the schema's name, which nobody knows. @throws ZmigrateError connection-lost */
function failure(error: unknown, { name, target }: Scratch): string {
  if (classify(error) !== "connection-lost") return describe(error).replaceAll(`${name}.`, "");
  throw new ZmigrateError("connection-lost", { target, during: "while the plan was tried" }, { cause: error });
}

/** In order, until the server or the guard refuses one. */
async function runAll(scratch: Scratch, session: Session, statements: readonly string[]): Promise<string | null> {
  for (const sql of statements) {
    const verdict = verdictOn(sql, scratch.others, scratch.dialect);
    if (verdict.kind === "refuse") return verdict.reason;
    if (verdict.kind === "leave-out") continue;
    try {
      await runOne(session, sql, PATIENT, scratch.dialect);
    } catch (error) {
      const reason = failure(error, scratch);
      await reset(session, scratch.dialect);
      return reason;
    }
  }
  return null;
}

async function run(scratch: Scratch, statements: readonly string[]): Promise<Sight> {
  const { session, name, dialect } = scratch;
  if (statements.length === 0) return NOTHING;
  const before = await tableIds(session, name, dialect);
  const failed = await runAll(scratch, session, statements);
  if (failed !== null) return { ...NOTHING, failed };
  return { ...NOTHING, rewrites: rewritten(before, await tableIds(session, name, dialect)) };
}

/** As a migration tool sends it, in the server's SQL mode, where that becomes part of what the statement makes. */
function asSent(statement: string, dialect: MysqlDialect): readonly string[] {
  const { statements } = parseMysql(statement, dialect);
  const keeps = (operation: Operation) =>
    operation.kind === "other" &&
    (operation.detail?.kind === "create-object" || operation.detail?.kind === "alter-object") &&
    isMadeInMode(operation.detail.object);
  return statements.some((s) => s.operations.some(keeps)) ? inServersMode(statement) : [statement];
}

/** In a session of its own, whose mark the sync triggers look for. */
async function fill(scratch: Scratch, work: BackfillWork): Promise<Sight> {
  const { relation, set, where, statement } = work;
  const session = await scratch.open();
  try {
    await prepareBackfill(session, scratch.dialect);
    const statements =
      statement === undefined
        ? [markBackfill(relation), `UPDATE ${quoteRelation(relation)} SET ${set} WHERE ${where}`]
        : [wholeOf(statement, work)];
    return { ...NOTHING, failed: await runAll(scratch, session, statements) };
  } finally {
    await session.close();
  }
}

/** What a text says of the scratch schema by its name, which no plan may hold. */
function withoutName<T>(value: T, qualifier: string): T {
  if (typeof value === "string") return value.replaceAll(qualifier, "") as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutName(item, qualifier)) as T;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withoutName(v, qualifier)])) as T;
}

/** The real tables are not as small as these. */
const unmeasured = (table: Table): Table => ({ ...table, rows: null, bytes: null });

async function catalogOf({ session, dialect, name }: Scratch): Promise<Catalog> {
  const { defaultSchema: _, tables, ...catalog } = withoutName(await introspect(session, dialect), `${quote(name)}.`);
  return Object.freeze({ ...catalog, source: "shadow", defaultSchema: null, tables: tables.map(unmeasured) });
}

/** A query that names another schema says nothing of this one. */
async function prepareGuarded(scratch: Scratch, query: string): Promise<Prepared> {
  const verdict = verdictOn(query, scratch.others, scratch.dialect);
  if (verdict.kind === "run") return prepare(query, scratch);
  return { kind: "unknown", reason: verdict.kind === "refuse" ? verdict.reason : "it is about accounts" };
}

function shadowOf(scratch: Scratch, version: Version, close: () => Promise<void>): Shadow {
  const { dialect, session } = scratch;
  return Object.freeze({
    name: `${dialect === "mysql" ? "MySQL" : "MariaDB"} ${version.text}`,
    version,
    run: (statements: readonly string[]) => run(scratch, statements),
    replay: (statement: string) => run(scratch, asSent(statement, dialect)),
    fill: (work: BackfillWork) => fill(scratch, work),
    state: async (probe: string) => (await session.query<{ state: string }>(probe))[0]?.state ?? "absent",
    prepare: (query: string) => prepareGuarded(scratch, query),
    introspect: () => catalogOf(scratch),
    comparable: (catalog: Catalog, before?: Catalog) => comparable(catalog, dialect, before),
    close,
  });
}

/** @throws ZmigrateError not-available where the user may make none */
async function makeOne(base: Session, target: string): Promise<string> {
  try {
    return await makeScratch(base);
  } catch (error) {
    throw new ZmigrateError(
      "not-available",
      {
        what: `No scratch schema can be made on ${target}: ${describe(error)}.`,
        help: "Let the user of the shadow URL do everything in schemas of such names: GRANT ALL ON `zmigrate\\_shadow\\_%`.* TO ...; or leave the shadow out (`--no-shadow`).",
      },
      { cause: error },
    );
  }
}

async function begun(base: Session, url: string, dialect: MysqlDialect) {
  try {
    const info = await serverInfo(base, url, dialect);
    await dropLeftOvers(base);
    return info;
  } catch (error) {
    await base.close();
    throw error;
  }
}

/**
 * A server on which plans are tried, in schemas that are made for it and dropped afterwards, and nowhere else. What a run
 * that was killed has left is dropped by the next one.
 *
 * @param url its database is not looked at
 * @throws ZmigrateError bad-database-url, cannot-connect, wrong-server
 * @example
 * const server = await openShadowServer("mysql://root@127.0.0.1/any", "mysql", { connectTimeoutMs: 5000, applicationName: "x" });
 * const shadow = await server.open();
 * await shadow.run(["CREATE TABLE t (a int)"]);
 * await server.close();
 */
export async function openShadowServer(
  url: string,
  dialect: MysqlDialect,
  options: ConnectOptions,
): Promise<ShadowServer> {
  const target = targetOf(url);
  const openIn = (schema: string) => openSession(inSchema(url, schema), options);
  const base = await openIn(NOWHERE);
  const { version } = await begun(base, url, dialect);
  const opened = new Map<string, Session>();
  const closeOne = async (name: string): Promise<void> => {
    const session = opened.get(name);
    opened.delete(name);
    await session?.close();
    if (session !== undefined) await dropScratch(base, name);
  };
  return Object.freeze({
    version,
    async open() {
      const others = (await schemasOf(base)).filter((n) => n !== NOWHERE).map((n) => n.toLowerCase());
      const name = await makeOne(base, target);
      const session = await openIn(name);
      opened.set(name, session);
      const scratch = { dialect, name, session, others: new Set(others), target, open: () => openIn(name) };
      return shadowOf(scratch, version, () => closeOne(name));
    },
    async close() {
      for (const name of [...opened.keys()]) await closeOne(name);
      await base.close();
    },
  });
}

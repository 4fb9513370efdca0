import type { Table } from "../../../model/catalog.js";
import type { Effect } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";
import type { Operation } from "../../../model/operation.js";
import { effect } from "../../effect.js";
import { findTable, sameRelation } from "../../engine.js";
import { asserted } from "./asserted.js";
import type { Change } from "./change.js";
import { sameColumn } from "./facts.js";
import { hindered } from "./hindered.js";
import { hashedIndexes } from "./index-facts.js";
import { isMysqlFrom, type Server } from "./server.js";
import { together } from "./together.js";
import { COPY, during, exclusive, INSTANT_ROWS, type Way } from "./ways.js";

type ChangeOf = (operation: Operation, server: Server) => Change;

/** What an operation does in its statement: it says what, the whole statement says how. */
export function effectInStatement(operation: Operation, server: Server, changeOf: ChangeOf): Effect {
  const own = changeOf(operation, server);
  const { relation, way } = own;
  if (relation === null || way === null) return effect(own.said);
  const siblings = server.siblings ?? [operation];
  const table = findTable(server.catalog, relation);
  if (hashesStay(table, siblings, server)) return carriedOut(operation, own, COPY, [own], server);
  if (siblings.length < 2) return carriedOut(operation, own, hindered(way, table, own.without, server), [own], server);
  const { parts, way: whole } = wholeOf(partsOf(operation, siblings, server, changeOf), relation, table, server);
  return carriedOut(operation, own, whole, parts, server);
}

/** The parts of a statement that are about one table, and how they are carried out together. */
interface Whole {
  readonly relation: RelationName;
  readonly indexes: Table["indexes"] | undefined;
  readonly parts: readonly Change[];
  readonly way: Way;
}

/** By all parts of a statement: it may have thousands of them, of which each is asked for the whole. */
const WHOLES = new WeakMap<readonly Change[], Whole>();

function wholeOf(all: readonly Change[], relation: RelationName, table: Table | null, server: Server): Whole {
  const isIt = (name: RelationName | null) =>
    name !== null && sameRelation(name, relation, server.catalog.defaultSchema);
  const known = WHOLES.get(all);
  // What decides besides the parts are the table's indexes, and its columns where one of them goes.
  if (known !== undefined && isIt(known.relation) && known.indexes === table?.indexes) return known;
  const parts = all.filter((p) => isIt(p.relation));
  const whole = { relation, indexes: table?.indexes, parts, way: together(parts, table, server) };
  if (parts.every((p) => p.without === null)) WHOLES.set(all, whole);
  return whole;
}

/** A key of hashes is there (MariaDB), and is not what the statement drops: the server copies, whatever changes. */
function hashesStay(table: Table | null, siblings: readonly Operation[], { dialect }: Server): boolean {
  const goes = (name: string) =>
    siblings.some(
      (o) => o.kind === "other" && o.detail?.kind === "drop-index" && sameColumn(o.detail.index.name, name),
    );
  return hashedIndexes(table, dialect).some((i) => !goes(i.name));
}

/** The parts of whole statements, by version: worked out once, since a statement may have thousands of operations. */
const STATEMENTS = new WeakMap<readonly Operation[], Map<string, readonly Change[]>>();

/** All parts of a statement, in the catalog before the first of them. */
function partsOf(operation: Operation, siblings: readonly Operation[], server: Server, changeOf: ChangeOf) {
  const known = STATEMENTS.get(siblings) ?? new Map<string, readonly Change[]>();
  STATEMENTS.set(siblings, known);
  const key = `${server.dialect} ${server.version.text}`;
  const before = known.get(key);
  if (before !== undefined && operation !== siblings[0]) return before;
  const parts = siblings.map((o) => changeOf(o, server)).filter((p) => p.way !== null);
  known.set(key, parts);
  return parts;
}

function carriedOut(operation: Operation, own: Change, way: Way, parts: readonly Change[], server: Server): Effect {
  const { relation, said } = own;
  if (relation === null) return effect(said);
  const { way: done, refusal } = asserted(way, operation.execution, server.dialect);
  // MariaDB takes ALGORITHM for another engine or another order, and copies all the same.
  const heeded = server.dialect === "mysql" || !parts.some((p) => p.part === "moved");
  if (refusal !== null && heeded) return refused(own, operation, refusal);
  const taken = heeded ? done : way;
  const asked = withChecks(own, taken);
  return doneThisWay(operation, taken === INSTANT_ROWS ? withCorruption(asked, server) : asked, taken);
}

/** Rows that are copied are written under the new CHECK; others are not looked at (measured on MariaDB 10.11). */
function withChecks(own: Change, { algorithm }: Way): Change {
  const { said, checks = [] } = own;
  if (checks.length === 0) return own;
  const unchecked = checks.map((condition) => `CHECK (${condition})`);
  return { ...own, said: algorithm === "COPY" ? failing(said, VIOLATED) : { ...said, unchecked } };
}

const VIOLATED = "it fails where a row violates the CHECK (4025)";

function failing(said: Partial<Effect>, why: string): Partial<Effect> {
  return { ...said, fails: typeof said.fails === "string" ? `${said.fails}; ${why}` : why };
}

/** MySQL 8.0.29 to 8.0.31 can lose a table with INSTANT columns after a crash or a restore, as 8.0.32's notes say. */
function withCorruption(own: Change, server: Server): Change {
  const struck = isMysqlFrom(server, 8, 0, 29) && !isMysqlFrom(server, 8, 0, 32) && server.newestVersion === undefined;
  if (!struck) return own;
  const why = "MySQL 8.0.29 to 8.0.31 can corrupt tables with INSTANT columns: take 8.0.32, or ALGORITHM=INPLACE";
  const fails = typeof own.said.fails === "string" ? `${why}; ${own.said.fails}` : why;
  return { ...own, said: { ...own.said, fails } };
}

function doneThisWay(operation: Operation, { relation, said }: Change, way: Way): Effect {
  if (relation === null) return effect(said);
  const rebuilt = way.work === "rebuild";
  return effect({
    rewrite: rebuilt,
    scan: way.work !== "none",
    indexesRebuilt: rebuilt,
    transaction: "never",
    replicaCost: way.work === "none" ? "none" : "replay",
    algorithm: way.algorithm,
    ...said,
    // ALTER IGNORE deletes rows that a new unique key does not take.
    destroys: said.destroys === true || operation.execution?.ignore === true,
    locks: [exclusive(relation), ...during(relation, way), ...(said.locks ?? [])],
  });
}

/** Nothing is changed, unless what was not known turns out better than it was taken for. */
function refused({ relation, said }: Change, operation: Operation, refusal: string): Effect {
  const asked = operation.execution?.algorithm;
  const { rests: _, ...rest } = said;
  return effect({
    ...rest,
    transaction: "never",
    algorithm: asked === "INSTANT" || asked === "COPY" ? asked : "INPLACE",
    locks: relation === null ? [] : [exclusive(relation), ...(said.locks ?? []).filter((l) => l.held === "brief")],
    fails: [refusal, ...(typeof said.fails === "string" ? [said.fails] : [])].join("; "),
  });
}

import { findTable, sameRelation } from "../src/engines/engine.js";
import { lockedWith } from "../src/engines/locked-with.js";
import { holderOfTrigger } from "../src/engines/stored-code.js";
import type { ObjectType } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import type { DetailKind } from "../src/model/operation-detail.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings" | "tableLocks" | "written">;

/** A table that a statement needs, what it calls it where that is told, and whether it writes to it. */
interface Needed {
  readonly relation: RelationName;
  readonly alias: string | null;
  readonly writes: boolean;
}

/** What no session makes, changes or drops while it holds LOCK TABLES. */
const NEVER: ReadonlySet<ObjectType> = new Set<ObjectType>(["view", "procedure", "function", "event", "database"]);

/** Changes of a table, which need its lock under its own name. */
const CHANGES: ReadonlySet<DetailKind> = new Set<DetailKind>([
  "add-constraint",
  "drop-constraint",
  "alter-constraint",
  "modify-column",
  "set-default",
  "drop-default",
  "drop-index",
  "rename-index",
  "replace-index",
  "set-index-visibility",
  "set-column-visibility",
  "set-table-option",
  "convert-charset",
  "drop-table",
  "rename-table",
  "truncate",
]);

/** Why MySQL and MariaDB refuse a statement under the LOCK TABLES in front of it; null where they do not for certain. */
export function refusedUnderLocks(asked: Asked): Missing | null {
  const { operation, engine, tableLocks } = asked;
  if (engine.name === "postgres" || tableLocks.length === 0) return null;
  return neverUnder(asked) ?? newTable(operation, asked) ?? unlocked(asked);
}

const UNLOCK = "Write UNLOCK TABLES in front of it; or do it before LOCK TABLES.";

function neverUnder({ operation, written, engine }: Asked): Missing | null {
  const change =
    detailOf(operation, "create-object") ?? detailOf(operation, "alter-object") ?? detailOf(operation, "drop-object");
  const what = "under LOCK TABLES nothing of the kind is done (1192)";
  if (change !== null && NEVER.has(change.object)) return { what, help: UNLOCK };
  // ALTER TABLE ... RENAME is taken.
  const renames = engine.name === "mariadb" && detailOf(operation, "rename-table") !== null;
  return renames && /^\s*RENAME\s/i.test(written.text) ? { what, help: UNLOCK } : null;
}

/** What is made is not among what is locked; what is made again there is. */
function newTable(operation: Operation, { tableLocks, catalog, engine }: Asked): Missing | null {
  if (operation.kind !== "create-table" || operation.temporary) return null;
  const { relation } = operation;
  if (findTable(catalog, relation) !== null) return null;
  if (tableLocks.some((one) => sameRelation(one.relation, relation, catalog.defaultSchema))) return null;
  return {
    what: `${engine.quoteRelation(relation)} is not locked by the LOCK TABLES in front of it (1100)`,
    help: UNLOCK,
  };
}

function unlocked(asked: Asked): Missing | null {
  const { tableLocks, catalog, engine } = asked;
  const needed = neededBy(asked).filter(({ relation }) => findTable(catalog, relation) !== null);
  if (needed.length === 0) return null;
  const beside = lockedWith(
    tableLocks.map(({ relation }) => relation),
    catalog,
  );
  if (beside === null) return null;
  const same = (a: RelationName, b: RelationName) => sameRelation(a, b, catalog.defaultSchema);
  for (const { relation, alias, writes } of needed) {
    if (beside.some((one) => same(one, relation))) continue;
    const locks = tableLocks.filter((one) => same(one.relation, relation));
    const own = locks.filter((one) => (alias === null ? isWritten(one.alias, asked) : one.alias === alias));
    const name = engine.quoteRelation(relation);
    if (own.length === 0) {
      const called = locks.length === 0 ? name : `${name} as ${engine.quote(alias ?? relation.name)}`;
      return {
        what: `${called} is not locked by the LOCK TABLES in front of it (1100)`,
        help: "Name it in LOCK TABLES, too, as the statement calls it; or write UNLOCK TABLES in front of this.",
      };
    }
    if (writes && own.every((one) => !one.writes))
      return {
        what: `${name} is locked for reading by the LOCK TABLES in front of it (1099)`,
        help: "Lock it for WRITE; or write UNLOCK TABLES in front of this.",
      };
  }
  return null;
}

/** What a statement calls a table stands in it. */
const isWritten = (alias: string, { written }: Asked): boolean =>
  written.text.toLowerCase().includes(alias.toLowerCase());

function neededBy({ operation, catalog, siblings }: Asked): readonly Needed[] {
  const { relation } = operation;
  // One part of a RENAME TABLE may give another one its name.
  if (detailOf(operation, "rename-table") !== null && siblings.length > 1) return [];
  const byName = (table: RelationName): Needed => ({ relation: table, alias: table.name, writes: true });
  if (relation !== null && isChange(operation)) return [byName(relation)];
  const dropped = detailOf(operation, "drop-object");
  if (dropped?.object === "trigger" && dropped.name !== null) {
    const holder = holderOfTrigger(dropped.name, catalog);
    return holder === null ? [] : [byName(holder)];
  }
  const change = detailOf(operation, "data-change");
  const reads = (change ?? detailOf(operation, "query"))?.reads ?? [];
  const read = reads.map((table): Needed => ({ relation: table, alias: null, writes: false }));
  if (change === null) return read;
  const [only, another] = change.writes;
  if (only === undefined || another !== undefined)
    return [...change.writes.map((table): Needed => ({ relation: table, alias: null, writes: true })), ...read];
  const isNamed = change.verb === "insert" || change.verb === "replace" || change.verb === "load";
  const alias = isNamed ? only.name : (change.joins?.alias ?? null);
  return [{ relation: only, alias, writes: true }, ...read];
}

function isChange(operation: Operation): boolean {
  if (operation.kind === "create-table") return false;
  if (operation.kind !== "other") return true;
  const { detail } = operation;
  if (detail?.kind === "create-object") return detail.object === "trigger";
  return detail !== undefined && CHANGES.has(detail.kind);
}

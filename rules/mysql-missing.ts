import { findTable } from "../src/engines/engine.js";
import type { Table } from "../src/model/catalog.js";
import type { Operation } from "../src/model/operation.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings">;

const SPELL = "Correct the name, or leave it out: what stands in front of it in the file is committed when it fails.";

const isOne = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** An index, key or constraint that a statement names as one that is there. */
interface Named {
  readonly kind: "index" | "foreign-key" | "constraint";
  readonly name: string;
  readonly code: number;
}

function namedBy({ operation, engine }: Asked): Named | null {
  const index = detailOf(operation, "drop-index");
  if (index !== null) return index.ifExists ? null : { kind: "index", name: index.index.name, code: 1091 };
  const renamed = detailOf(operation, "rename-index");
  if (renamed !== null) return renamed.ifExists ? null : { kind: "index", name: renamed.from, code: 1176 };
  const dropped = detailOf(operation, "drop-constraint");
  if (dropped === null || dropped.name === null || dropped.ifExists) return null;
  if (dropped.constraint === "foreign-key") return { kind: "foreign-key", name: dropped.name, code: 1091 };
  if (dropped.constraint === "check") return { kind: "constraint", name: dropped.name, code: 3821 };
  if (dropped.constraint !== null) return null;
  return { kind: "constraint", name: dropped.name, code: engine.name === "mysql" ? 3940 : 1091 };
}

/** A name that a server may have given to what was written without one; an index keeps it when its column has another one. */
const mayBeGiven = (name: string, { columns }: Table): boolean =>
  /^primary$|_ibfk_\d+$|_chk_\d+$|^constraint_\d+$|^fk_name_\d*$|^\d+$|^expr|^functional_index/i.test(name) ||
  columns.some((column) => isOne(column.name, name.replace(/_\d+$/, "")));

function has({ indexes, constraints }: Table, { kind, name }: Named): boolean {
  // A foreign key has an index of its name, where no other one served.
  const keys = constraints.filter((c) => kind !== "foreign-key" || c.kind === "foreign-key");
  return keys.some((c) => isOne(c.name, name)) || (kind !== "foreign-key" && indexes.some((i) => isOne(i.name, name)));
}

/** Whether a part of the statement takes away, or gives another name to, what the others may still name. */
const renames = (operation: Operation): boolean =>
  operation.kind === "drop-column" ||
  operation.kind === "rename-column" ||
  detailOf(operation, "modify-column") !== null ||
  detailOf(operation, "rename-column-if-exists") !== null;

/** DROP INDEX, DROP FOREIGN KEY, DROP CONSTRAINT and RENAME INDEX of a name that the files have not given (MySQL, MariaDB). */
function missingName(asked: Asked, table: Table): Missing | null {
  const named = namedBy(asked);
  if (named === null || has(table, named) || mayBeGiven(named.name, table) || asked.siblings.some(renames)) return null;
  const what = named.kind === "foreign-key" ? "foreign key" : named.kind;
  const { engine } = asked;
  return {
    what: `${engine.quoteRelation(table.relation)} has no ${what} ${engine.quote(named.name)} (${named.code})`,
    help: SPELL,
  };
}

/** RENAME INDEX to the name of another one; what other parts drop or rename is not told. */
function takenIndexName({ operation, engine, siblings }: Asked, { relation, indexes }: Table): Missing | null {
  const renamed = siblings.length > 1 ? null : detailOf(operation, "rename-index");
  if (renamed === null || isOne(renamed.from, renamed.to)) return null;
  if (!indexes.some((index) => isOne(index.name, renamed.to))) return null;
  return {
    what: `${engine.quoteRelation(relation)} has an index ${engine.quote(renamed.to)} already (1061)`,
    help: "Choose another name, or drop that index first.",
  };
}

/** What a part in front of it of the same statement has dropped: of no table need be known what it has. */
function droppedTwice(asked: Asked): Missing | null {
  const { operation, engine, siblings } = asked;
  const named = namedBy(asked);
  if (named === null || !isDrop(operation)) return null;
  const isSame = (one: Operation): boolean => {
    const other = isDrop(one) ? namedBy({ ...asked, operation: one }) : null;
    return other?.kind === named.kind && isOne(other.name, named.name);
  };
  if (!siblings.slice(0, siblings.indexOf(operation)).some(isSame)) return null;
  const what = named.kind === "foreign-key" ? "foreign key" : named.kind;
  return { what: `the statement drops ${what} ${engine.quote(named.name)} twice (${named.code})`, help: SPELL };
}

const isDrop = (operation: Operation): boolean =>
  detailOf(operation, "drop-index") !== null || detailOf(operation, "drop-constraint") !== null;

/** `ADD COLUMN z int AFTER nope`, `MODIFY z int AFTER nope`. */
function missingPlace({ operation, engine, siblings }: Asked, table: Table): Missing | null {
  const position =
    operation.kind === "add-column" ? operation.position : (detailOf(operation, "modify-column")?.position ?? null);
  if (position === null || position === "first" || table.columns.length === 0 || siblings.some(isRename)) return null;
  const { after } = position;
  const added = siblings.some((each) => each.kind === "add-column" && isOne(each.column.name, after));
  if (added || table.columns.some(({ name }) => isOne(name, after))) return null;
  return { what: `${engine.quoteRelation(table.relation)} has no column ${engine.quote(after)} (1054)`, help: SPELL };
}

const isRename = (operation: Operation): boolean => {
  const modified = detailOf(operation, "modify-column");
  if (modified !== null) return !isOne(modified.column, modified.definition.name);
  return operation.kind === "rename-column" || detailOf(operation, "rename-column-if-exists") !== null;
};

/** What a statement names of a table, and no file has made (MySQL, MariaDB); null where nothing is missing for certain. */
export function missingOnMysql(asked: Asked): Missing | null {
  const { operation, catalog, engine } = asked;
  const twice = engine.name === "postgres" ? null : droppedTwice(asked);
  if (twice !== null) return twice;
  const table =
    engine.name === "postgres" || operation.relation === null ? null : findTable(catalog, operation.relation);
  if (table === null || table.columns.length === 0) return null;
  return missingName(asked, table) ?? takenIndexName(asked, table) ?? missingPlace(asked, table);
}

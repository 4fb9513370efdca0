import { findTable } from "../src/engines/engine.js";
import { isEmptyRange, overlap } from "../src/engines/postgres/effects/partition-bounds.js";
import { constraintTree } from "../src/engines/postgres/effects/trees.js";
import { typeName } from "../src/engines/postgres/effects/type-names.js";
import { isWhole } from "../src/engines/table-lookup.js";
import type { Table } from "../src/model/catalog.js";
import type { RelationName } from "../src/model/name.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine">;

/** A table that becomes a part of another one. */
interface Pair {
  readonly parent: Table;
  readonly child: Table;
  /** A partition has no other columns than its parent; a table that inherits may have more. */
  readonly partition: boolean;
}

function pairOf({ operation, catalog }: Asked): Pair | null {
  const [attached, inherits] = [detailOf(operation, "attach-partition"), detailOf(operation, "inherit")];
  const { relation } = operation;
  if (relation === null || (attached === null && inherits?.enabled !== true)) return null;
  const parent = findTable(catalog, inherits?.parent ?? relation);
  const child = findTable(catalog, attached?.partition ?? relation);
  const known = [parent, child].every((table) => table !== null && table.columns.length > 0);
  return known && parent !== null && child !== null ? { parent, child, partition: attached !== null } : null;
}

function isSameType(a: string, b: string): boolean {
  const [one, other] = [typeName(a), typeName(b)];
  // What cannot be read may be the same.
  if (one === null || other === null) return true;
  const shapes = [one, other].map(({ name, modifiers, array }) => JSON.stringify([name, modifiers, array]));
  return shapes[0] === shapes[1];
}

function missingColumn({ parent, child, partition }: Pair, { quote, quoteRelation }: Asked["engine"]): Missing | null {
  const [under, over] = [quoteRelation(child.relation), quoteRelation(parent.relation)];
  const lacking = parent.columns.find(({ name }) => !child.columns.some((c) => c.name === name));
  if (lacking !== undefined)
    return {
      what: `${under} has no column ${quote(lacking.name)}, which ${over} has (42804)`,
      help: `Write in front of it: ALTER TABLE ${under} ADD COLUMN ${quote(lacking.name)} ${lacking.type}${lacking.notNull ? " NOT NULL" : ""};`,
    };
  const more = child.columns.find(({ name }) => partition && !parent.columns.some((c) => c.name === name));
  if (more === undefined) return null;
  return {
    what: `${under} has a column ${quote(more.name)}, which ${over} has not (42804)`,
    help: `Add it to ${over} first, or leave it out of ${under}.`,
  };
}

function otherColumn({ parent, child }: Pair, { quote, quoteRelation }: Asked["engine"]): Missing | null {
  const under = quoteRelation(child.relation);
  for (const column of child.columns) {
    const above = parent.columns.find(({ name }) => name === column.name);
    if (above === undefined) continue;
    const alter = `Write in front of it: ALTER TABLE ${under} ALTER COLUMN ${quote(column.name)}`;
    if (!isSameType(column.type, above.type))
      return {
        what: `${quote(column.name)} of ${under} is ${column.type}, and ${above.type} in ${quoteRelation(parent.relation)} (42804)`,
        help: `${alter} TYPE ${above.type};`,
      };
    if (above.notNull && !column.notNull)
      return {
        what: `${quote(column.name)} of ${under} may be NULL, and may not in ${quoteRelation(parent.relation)} (42804)`,
        help: `${alter} SET NOT NULL;`,
      };
  }
  return null;
}

/** A CHECK is met by its name, which has that of the table in it where none is written. */
function missingCheck({ parent, child }: Pair, { quote, quoteRelation }: Asked["engine"]): Missing | null {
  const checks = parent.constraints.filter(({ kind, definition }) => kind === "check" && !isOwn(definition));
  const lacking = checks.find(({ name }) => !child.constraints.some((c) => c.kind === "check" && c.name === name));
  if (lacking === undefined) return null;
  const under = quoteRelation(child.relation);
  return {
    what: `${under} has no CHECK ${quote(lacking.name)}, which ${quoteRelation(parent.relation)} has (42804)`,
    help: `Write in front of it: ALTER TABLE ${under} ADD CONSTRAINT ${quote(lacking.name)} ${lacking.definition};`,
  };
}

const isOwn = (definition: string): boolean => constraintTree(definition)?.is_no_inherit === true;

/** A bound that takes rows of another partition's, or none at all. */
function refusedBound({ operation, catalog, engine }: Asked): Missing | null {
  const attached = detailOf(operation, "attach-partition");
  const made = operation.kind === "create-table" && operation.form === "partition-of" ? operation : null;
  const [bound, above] = [attached?.bound ?? made?.bound, attached === null ? made?.sources?.[0] : operation.relation];
  const parent = above == null || made?.ifNotExists === true || !isWhole(catalog) ? null : findTable(catalog, above);
  if (bound === undefined || parent === null) return null;
  const help = "Correct the bound, or the other partition's.";
  if (isEmptyRange(bound, parent)) return { what: `${bound.text} takes no row (42P17)`, help };
  const schemaOf = ({ schema }: RelationName) => schema ?? catalog.defaultSchema;
  // One in another schema may have gone with that.
  const beside = parent.partitions?.filter(({ relation }) => schemaOf(relation) === schemaOf(parent.relation)) ?? [];
  const other = beside.find(({ written }) => written !== undefined && overlap(written, bound, parent));
  if (other === undefined) return null;
  return { what: `partition ${engine.quoteRelation(other.relation)} takes rows of this bound already (42P17)`, help };
}

/** Why PostgreSQL takes a table for no partition, or child, of another one; null where it does, or no file tells. */
export function refusedAttach(asked: Asked): Missing | null {
  const refused = refusedBound(asked);
  const pair = pairOf(asked);
  if (pair === null || refused !== null) return refused;
  const { engine } = asked;
  return missingColumn(pair, engine) ?? otherColumn(pair, engine) ?? missingCheck(pair, engine);
}

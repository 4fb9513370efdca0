import { type Engine, findTable, sameRelation } from "../src/engines/engine.js";
import { holderOfTrigger } from "../src/engines/stored-code.js";
import {
  hasSequence,
  isMadeRoutine,
  knownView,
  lookUpType,
  tableOfConstraint,
  tableOfIndex,
} from "../src/engines/table-lookup.js";
import type { Catalog, Table } from "../src/model/catalog.js";
import type { ObjectType } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import type { ColumnDefinition, Operation } from "../src/model/operation.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings">;

/** What PostgreSQL's ALTER TABLE takes for a table, though it is none. */
const isRelation = (name: RelationName, catalog: Catalog): boolean =>
  knownView(catalog, name) !== null || hasSequence(catalog, name) || tableOfIndex(catalog, name) !== null;

const same = (a: string, b: string, engine: Pick<Engine, "name">): boolean =>
  engine.name === "postgres" ? a === b : a.toLowerCase() === b.toLowerCase();

/** What has a name that a statement gives to something new, or to something else; null where no file says so. */
export function takenName(asked: Asked): string | null {
  const { relation } = asked.operation;
  const table = relation === null ? null : findTable(asked.catalog, relation);
  const part = (table === null ? null : takenPart(table, asked)) ?? takenElsewhere(asked);
  if (part !== null) return part;
  const stored = takenTrigger(asked) ?? takenRoutine(asked);
  if (stored !== null) return stored;
  const given = givenName(asked);
  return given === null ? null : takenBy(given, asked);
}

/** A name that belongs to a table. */
function takenPart(table: Table, asked: Asked): string | null {
  return (
    takenColumn(table, asked) ?? takenIndex(table, asked) ?? takenConstraint(table, asked) ?? takenHanging(table, asked)
  );
}

/** MySQL and MariaDB look at what is there in the end of an ALTER TABLE. */
function takenColumn({ relation, columns }: Table, { operation, siblings, engine }: Asked): string | null {
  const isThere = (name: string) => columns.some((c) => same(c.name, name, engine));
  const called = (name: string) => `column ${engine.quote(name)} of ${engine.quoteRelation(relation)}`;
  if (operation.kind === "add-column")
    return !operation.ifNotExists && isThere(operation.column.name) ? called(operation.column.name) : null;
  if (operation.kind !== "rename-column" || siblings.length > 1 || same(operation.from, operation.to, engine))
    return null;
  return isThere(operation.from) && isThere(operation.to) ? called(operation.to) : null;
}

const HANGING: ReadonlySet<string> = new Set(["trigger", "policy", "rule"]);

/** What PostgreSQL names with its table. */
function takenHanging({ relation, dependents }: Table, { operation, engine }: Asked): string | null {
  const made = detailOf(operation, "create-object");
  if (made === null || made.name === null || made.orReplace || !HANGING.has(made.object)) return null;
  const { object, name } = made;
  const isThere = engine.name === "postgres" && dependents.some((d) => d.kind === object && d.name === name.name);
  return isThere ? `${object} ${engine.quote(name.name)} on ${engine.quoteRelation(relation)}` : null;
}

/** A trigger of MySQL's and MariaDB's has its name in the schema: another table may have it. */
function takenTrigger({ operation, engine, catalog }: Asked): string | null {
  const made = detailOf(operation, "create-object");
  if (engine.name === "postgres" || made?.object !== "trigger" || made.name === null) return null;
  const holder = made.orReplace || made.ifNotExists ? null : holderOfTrigger(made.name, catalog);
  return holder === null ? null : `trigger ${engine.quote(made.name.name)} on ${engine.quoteRelation(holder)}`;
}

/** MySQL and MariaDB name procedures, functions and events apart from each other, and without their arguments. */
function takenRoutine({ operation, engine, catalog }: Asked): string | null {
  const made = detailOf(operation, "create-object");
  if (made === null || made.name === null || made.orReplace || made.ifNotExists) return null;
  // One whose time is over already is not made at all, and only warned of.
  const isOne = ROUTINES.has(made.object) || (made.object === "event" && made.lasts === true);
  if (!isOne || !isMadeRoutine(catalog, made.object, made.name)) return null;
  return `${made.object} ${engine.quoteRelation(made.name)}`;
}

const ROUTINES: ReadonlySet<string> = new Set(["function", "procedure"]);

function takenIndex(table: Table, { operation, engine }: Asked): string | null {
  if (operation.kind !== "create-index" || operation.ifNotExists || operation.name === null) return null;
  const { name } = operation;
  // PostgreSQL's indexes have their names among those of tables.
  if (engine.name === "postgres" || !table.indexes.some((i) => same(i.name, name, engine))) return null;
  return `index ${engine.quote(name)}`;
}

function takenConstraint(table: Table, { operation, engine, siblings }: Asked): string | null {
  const added = detailOf(operation, "add-constraint");
  const name = added?.constraint.name ?? null;
  // USING INDEX gives the constraint the index's name; MySQL's kinds of constraints have their names for themselves.
  if (added === null || name === null || added.ifNotExists || added.usingIndex !== null) return null;
  if (isDroppedBy(siblings, name, engine)) return null;
  const { kind } = added.constraint;
  const there = table.constraints.some(
    (c) => same(c.name, name, engine) && (engine.name === "postgres" || c.kind === kind),
  );
  return there ? `constraint ${engine.quote(name)} of ${engine.quoteRelation(table.relation)}` : null;
}

/** What the same statement drops is gone before, wherever it says so. */
const isDroppedBy = (siblings: readonly Operation[], name: string, engine: Pick<Engine, "name">): boolean =>
  siblings.some((one) => same(detailOf(one, "drop-constraint")?.name ?? "", name, engine));

/** Of a foreign key or CHECK of MySQL's, or a foreign key of MariaDB's: another table of the database has it. */
function takenElsewhere({ operation, catalog, engine }: Asked): string | null {
  const { relation } = operation;
  if (engine.name === "postgres" || relation === null) return null;
  if (operation.kind === "create-table" && operation.ifNotExists && findTable(catalog, relation) !== null) return null;
  for (const { kind, name } of namesGiven(operation)) {
    if ((kind === "check" && engine.name === "mariadb") || NUMBERED.test(name)) continue;
    const owner = tableOfConstraint(catalog, kind, { schema: relation.schema, name });
    // IF NOT EXISTS looks at its own table.
    const isOwn = owner !== null && sameRelation(owner.relation, relation, catalog.defaultSchema);
    if (owner !== null && !(isOwn && detailOf(operation, "add-constraint")?.ifNotExists === true))
      return `constraint ${engine.quote(name)} of ${engine.quoteRelation(owner.relation)}`;
  }
  return null;
}

/** Names that the server gives, and gives anew where their table gets another one. */
const NUMBERED = /_(?:ibfk|chk)_\d+$/i;

interface GivenToConstraint {
  readonly kind: "foreign-key" | "check";
  readonly name: string;
}

function namesGiven(operation: Operation): readonly GivenToConstraint[] {
  const of = (kind: string, name: string | null | undefined): readonly GivenToConstraint[] =>
    (kind !== "foreign-key" && kind !== "check") || name == null ? [] : [{ kind, name }];
  const inline = ({ checks, references }: ColumnDefinition) => [
    ...checks.flatMap(({ name }) => of("check", name)),
    ...of("foreign-key", references?.constraint),
  ];
  if (operation.kind === "add-column") return operation.ifNotExists ? [] : inline(operation.column);
  if (operation.kind === "create-table")
    return [...operation.columns.flatMap(inline), ...operation.constraints.flatMap(({ kind, name }) => of(kind, name))];
  const added = detailOf(operation, "add-constraint");
  return added === null ? [] : of(added.constraint.kind, added.constraint.name);
}

/** A name in a schema, and what it is given to. */
interface Given {
  readonly name: RelationName;
  /** No relation but an index has the name of a type (PostgreSQL); a replaced view takes the place of one. */
  readonly to: "type" | "table" | "view" | "replaced view" | "index";
}

const GIVEN: Readonly<Partial<Record<ObjectType, Given["to"]>>> = {
  domain: "type",
  "materialized-view": "view",
  sequence: "table",
  type: "type",
  view: "view",
};

function givenName(asked: Asked): Given | null {
  const { operation, catalog, engine } = asked;
  if (operation.kind === "create-table")
    return operation.ifNotExists || operation.temporary ? null : { name: operation.relation, to: "table" };
  if (operation.kind === "create-index") {
    if (operation.ifNotExists || operation.name === null || engine.name !== "postgres") return null;
    return { name: { schema: operation.relation.schema, name: operation.name }, to: "index" };
  }
  const moved = detailOf(operation, "rename-table");
  if (moved === null) return givenToIndex(asked) ?? givenToObject(asked);
  // A table that is not known may be the session's own, and so its name.
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  const isOther = table === null && engine.name === "postgres" && isRelation(operation.relation ?? moved.to, catalog);
  if (isOther) return { name: moved.to, to: "index" };
  return table === null || sameRelation(table.relation, moved.to, catalog.defaultSchema)
    ? null
    : { name: moved.to, to: "table" };
}

/** An index of PostgreSQL's, also by the constraint that has its name. */
function givenToIndex({ operation, catalog, engine, siblings }: Asked): Given | null {
  const { relation } = operation;
  if (engine.name !== "postgres" || relation === null) return null;
  const index = detailOf(operation, "rename-index");
  if (index !== null) {
    const owner = tableOfIndex(catalog, relation);
    if (owner === null && index.ifExists) return null;
    return { name: { schema: owner?.relation.schema ?? relation.schema, name: index.to }, to: "index" };
  }
  const constraint = detailOf(operation, "rename-constraint");
  const table = findTable(catalog, relation);
  const renamed = constraint === null ? undefined : table?.constraints.find(({ name }) => name === constraint.from);
  if (constraint !== null && renamed?.index != null)
    return { name: { schema: relation.schema, name: constraint.to }, to: "index" };
  const added = detailOf(operation, "add-constraint");
  if (added === null || added.constraint.name === null || !INDEXED.has(added.constraint.kind)) return null;
  const { name } = added.constraint;
  return added.usingIndex === name || isDroppedBy(siblings, name, engine)
    ? null
    : { name: { schema: relation.schema, name }, to: "index" };
}

/** What has an index of its name. */
const INDEXED: ReadonlySet<string> = new Set(["primary-key", "unique", "exclusion"]);

/** A sequence is made with a name that no type has, and may be given one of those later. */
const renamedTo = ({ schema }: RelationName, name: string, to: Given["to"], object: ObjectType): Given => ({
  name: { schema, name },
  to: object === "sequence" ? "index" : to,
});

/** IF EXISTS of what no file made. */
const mayBeMissing = ({ ifTableExists }: Operation, name: RelationName, catalog: Catalog): boolean =>
  ifTableExists === true && !isRelation(name, catalog);

function givenToObject({ operation, catalog }: Asked): Given | null {
  const made = detailOf(operation, "create-object");
  const renamed = detailOf(operation, "rename-object");
  const { object, name } = made ?? renamed ?? { object: "other", name: null };
  const to = GIVEN[object];
  if (name === null || to === undefined) return null;
  if (renamed !== null) return mayBeMissing(operation, name, catalog) ? null : renamedTo(name, renamed.to, to, object);
  if (made?.ifNotExists === true || made?.temporary === true) return null;
  return { name, to: made?.orReplace === true ? "replaced view" : to };
}

function takenBy({ name, to }: Given, { catalog, engine }: Asked): string | null {
  const called = (what: string) => `${what} ${engine.quoteRelation(name)}`;
  if (findTable(catalog, name) !== null) return called("table");
  const view = knownView(catalog, name);
  if (view?.materialized === true) return called("materialized view");
  if (view !== null && to !== "replaced view") return called("view");
  if (engine.name !== "postgres") return null;
  if (to !== "type" && hasSequence(catalog, name)) return called("sequence");
  if (to !== "type" && tableOfIndex(catalog, name) !== null) return called("index");
  const type = lookUpType(catalog, name) ?? null;
  // CREATE TYPE of a name alone comes in front of its definition. One of several attributes is a relation, too.
  const isTaken = to === "index" ? type?.kind === "composite" : type !== null && type.kind !== "base";
  return isTaken ? called("type") : null;
}

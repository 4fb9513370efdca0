import { findTable } from "../src/engines/engine.js";
import type { Catalog, Column } from "../src/model/catalog.js";
import type { RelationName } from "../src/model/name.js";
import type { ForeignKeyTarget, Operation } from "../src/model/operation.js";
import { ALL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";
import { typeName } from "./written-columns.js";

interface Reference {
  readonly columns: readonly string[];
  readonly target: ForeignKeyTarget;
  /** Types that the statement itself says, by column. */
  readonly types: ReadonlyMap<string, string>;
}

/** Types that fit each other though they are called differently. */
const KINDS: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  serial: "integer",
  serial4: "integer",
  int8: "bigint",
  bigserial: "bigint",
  serial8: "bigint",
  int2: "smallint",
  smallserial: "smallint",
  serial2: "smallint",
  varchar: "text",
  "character varying": "text",
  decimal: "numeric",
};

const kindOf = (type: string): string => KINDS[typeName(type)] ?? typeName(type);

function referencesOf(operation: Operation): readonly Reference[] {
  if (operation.kind === "create-table") {
    const types: Reference["types"] = new Map(operation.columns.map(({ name, type }) => [name, type]));
    const own = operation.columns.map(({ name, references }) => ({ columns: [name], references }));
    return [...own, ...operation.constraints].flatMap(({ columns, references: target }) =>
      target === null ? [] : [{ columns, target, types }],
    );
  }
  if (operation.kind === "add-column") {
    const { name, type, references: target } = operation.column;
    return target === null ? [] : [{ columns: [name], target, types: new Map([[name, type]]) }];
  }
  const constraint = detailOf(operation, "add-constraint")?.constraint;
  const target = constraint?.references ?? null;
  return target === null || constraint === undefined ? [] : [{ columns: constraint.columns, target, types: new Map() }];
}

const columnsOf = (catalog: Catalog, relation: RelationName): readonly Column[] =>
  findTable(catalog, relation)?.columns ?? [];

function pointedAt(catalog: Catalog, { relation, columns }: ForeignKeyTarget): readonly string[] {
  if (columns.length > 0) return columns;
  return findTable(catalog, relation)?.constraints.find(({ kind }) => kind === "primary-key")?.columns ?? [];
}

/** The first pair of columns that are both known and differ. */
function mismatchOf(reference: Reference, relation: RelationName, catalog: Catalog) {
  const theirs = columnsOf(catalog, reference.target.relation);
  const ours = columnsOf(catalog, relation);
  const names = pointedAt(catalog, reference.target);
  const pairs = reference.columns.map((column, at) => ({
    column,
    type: reference.types.get(column) ?? ours.find(({ name }) => name === column)?.type,
    other: theirs.find(({ name }) => name === names[at])?.type,
  }));
  return pairs.find(({ type, other }) => type !== undefined && other !== undefined && kindOf(type) !== kindOf(other));
}

export const rule: Rule = {
  id: "foreign-key-type-mismatch",
  engines: ALL_ENGINES,
  severity: "warning",
  aside: true,
  onFreshTables: true,
  protects:
    "A foreign key of another type than its target is refused, or casts at each comparison and overflows one day.",
  check({ operation, catalog, engine }) {
    const { relation } = operation;
    if (relation === null) return null;
    const found = referencesOf(operation)
      .map((one) => mismatchOf(one, relation, catalog))
      .find((one) => one !== undefined);
    if (found === undefined) return null;
    return {
      message: `${engine.quote(found.column)} is ${found.type}, and what it points at is ${found.other}.`,
      help: `Give it the type of its target: ${found.other}.`,
    };
  },
  bad: [
    { sql: "CREATE TABLE teams (id bigint PRIMARY KEY);\nCREATE TABLE users (team_id int REFERENCES teams (id));" },
    {
      sql: "CREATE TABLE teams (id bigint PRIMARY KEY);\nALTER TABLE users ADD COLUMN team_id int REFERENCES teams (id);",
    },
  ],
  good: [
    { sql: "CREATE TABLE teams (id bigint PRIMARY KEY);\nCREATE TABLE users (team_id bigint REFERENCES teams (id));" },
    { sql: "CREATE TABLE users (team_id int REFERENCES teams (id));" },
  ],
};

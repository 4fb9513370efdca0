import { findTable, sameRelation } from "../src/engines/engine.js";
import { unkeyedTarget } from "../src/engines/mysql/effects/foreign-target.js";
import { type ForeignKey, foreignKeysOf, misfitTypes } from "../src/engines/mysql/effects/foreign-types.js";
import { checksForeignKeys, type Server } from "../src/engines/mysql/effects/server.js";
import { knownView } from "../src/engines/table-lookup.js";
import type { Table } from "../src/model/catalog.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import { isOne, partsIn } from "./keys-made.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings" | "settings" | "version">;

/** What is known of a column, or what the statement says of it. */
interface OwnColumn {
  readonly name: string;
  readonly notNull: boolean;
}

/** Why MySQL or MariaDB refuses a foreign key, whatever rows there are; null where it does not for certain. */
export function refusedForeignKey(asked: Asked): Missing | null {
  const { operation, catalog, engine } = asked;
  const { relation } = operation;
  if (engine.name === "postgres" || relation === null) return null;
  const server: Server = { dialect: engine.name, catalog, version: asked.version, settings: asked.settings };
  const keys = foreignKeysOf(operation, server);
  const table = findTable(catalog, relation);
  if (keys.length === 0 || (operation.kind === "create-table" && operation.ifNotExists && table !== null)) return null;
  const kept = keptName(asked);
  if (kept !== null) return kept;
  for (const key of keys) {
    const refused = refusedColumns(key, table, asked) ?? refusedTarget(key, relation, server, asked);
    if (refused !== null) return refused;
  }
  return refusedTypes(asked);
}

/** Columns that store something else, or other letters, than what they point at. */
export function refusedTypes({ operation, catalog, engine, siblings, settings, version }: Asked): Missing | null {
  if (engine.name === "postgres") return null;
  const misfit = misfitTypes(operation, { dialect: engine.name, catalog, version, settings, siblings });
  return misfit === null ? null : { what: `${misfit.why} (${misfit.code})`, help: misfit.help };
}

/** A name that the same statement takes from another one is free behind it only. */
function keptName({ operation, siblings, engine }: Asked): Missing | null {
  const name = detailOf(operation, "add-constraint")?.constraint.name ?? null;
  const drops = (one: Operation) => {
    const dropped = detailOf(one, "drop-constraint");
    return name !== null && dropped?.constraint === "foreign-key" && isOne(dropped.name ?? "", name);
  };
  if (name === null || !siblings.some(drops)) return null;
  return {
    what: `the foreign key ${engine.quote(name)} has its name until the end of the statement that drops it (${engine.name === "mysql" ? 1826 : 1005})`,
    help: "Give the new one another name; or drop the old one in a statement of its own.",
  };
}

/** How a column is behind the whole statement; null where there is none, undefined where that is not known. */
function columnOf(name: string, table: Table | null, { operation, siblings }: Asked): OwnColumn | null | undefined {
  if (operation.kind === "create-table")
    return operation.form === "plain"
      ? (operation.columns.find((column) => isOne(column.name, name)) ?? null)
      : undefined;
  if (table === null || table.columns.length === 0) return undefined;
  const there = table.columns.find((column) => isOne(column.name, name)) ?? null;
  if (there?.notNull === false) return there;
  const said = siblings.flatMap(definedBy).find((column) => isOne(column.name, name));
  return said ?? there;
}

function definedBy(operation: Operation): readonly OwnColumn[] {
  if (operation.kind === "add-column") return [operation.column];
  if (operation.kind === "rename-column") return [{ name: operation.to, notNull: false }];
  const modified = detailOf(operation, "modify-column");
  return modified === null ? [] : [modified.definition];
}

/** What is wrong with the columns that point. */
function refusedColumns({ columns, target }: ForeignKey, table: Table | null, asked: Asked): Missing | null {
  const { engine, operation } = asked;
  const isParted = operation.kind === "create-table" ? operation.partitioned : (table?.partitionKey ?? []).length > 0;
  if (isParted)
    return {
      what: "a partitioned table takes no foreign key (1506)",
      help: "Leave the foreign key out; or do not partition the table.",
    };
  if (target.columns.length > 0 && target.columns.length !== columns.length)
    return {
      what: `a foreign key over ${columns.length} columns points at ${target.columns.length} (1239)`,
      help: "Name as many columns behind REFERENCES as in front of it.",
    };
  const defined = columns.map((name) => columnOf(name, table, asked));
  const missing = columns.find((_, at) => defined[at] === null);
  if (missing !== undefined)
    return {
      what: `a foreign key is over ${engine.quote(missing)}, and the table has no such column (1072)`,
      help: "Correct the name; or add the column in front of it.",
    };
  const strict = /\bSET\s+NULL\b/i.test(target.actions) ? defined.find((column) => column?.notNull) : undefined;
  if (strict == null) return null;
  return {
    what: `a foreign key is to set ${engine.quote(strict.name)} NULL, which is NOT NULL (${engine.name === "mysql" ? 1830 : 1005})`,
    help: `Let ${engine.quote(strict.name)} be NULL first, or write another action: ON DELETE RESTRICT, ON DELETE CASCADE.`,
  };
}

/** What is wrong with what is pointed at. */
function refusedTarget({ target }: ForeignKey, relation: RelationName, server: Server, asked: Asked): Missing | null {
  const { operation, catalog, engine } = asked;
  const name = engine.quoteRelation(target.relation);
  const own = engine.name === "mysql";
  const self = sameRelation(target.relation, relation, catalog.defaultSchema);
  const table = self && operation.kind === "create-table" ? null : findTable(catalog, target.relation);
  if (table === null && !self && knownView(catalog, target.relation) !== null && checksForeignKeys(server))
    return {
      what: `a foreign key points at ${name}, which is a view (${own ? 1824 : 1005})`,
      help: "Point at the table whose rows the view shows.",
    };
  if (target.columns.length === 0) return null;
  const made = self ? asked.siblings : [];
  const columns = [...(table?.columns ?? []), ...made.flatMap(addedBy)].map((column) => column.name);
  const missing = target.columns.find((column) => !columns.some((known) => isOne(known, column)));
  if (columns.length > 0 && missing !== undefined)
    return {
      what: `a foreign key points at ${engine.quote(missing)}, and ${name} has no such column (${own ? 3734 : 1005})`,
      help: "Correct the name; or add the column in front of it.",
    };
  if (table === null || self || isOther(table)) return null;
  const isStrict = unkeyedTarget(target, server) !== null;
  if (!isStrict && isIndexed(table, target.columns)) return null;
  const code = !own ? 1005 : isStrict ? 6125 : 1822;
  const key = isStrict ? "unique key over just" : "index that begins with";
  const list = target.columns.map((column) => engine.quote(column)).join(", ");
  return {
    what: `a foreign key points at ${list}, and ${name} has no ${key} ${target.columns.length === 1 ? "it" : "them"} (${code})`,
    help: KEY,
  };
}

const KEY = "Give the table that is pointed at a unique key over these columns, in their order, in front of it.";

const addedBy = (operation: Operation): readonly { readonly name: string }[] =>
  operation.kind === "create-table" ? operation.columns : operation.kind === "add-column" ? [operation.column] : [];

/** Other engines have no foreign keys. */
const isOther = ({ engine }: Table): boolean => /^(?!innodb)/i.test(engine ?? "innodb");

/** InnoDB's indexes end with the primary key; a foreign key has made itself an index. */
function isIndexed({ indexes, constraints }: Table, columns: readonly string[]): boolean {
  const primary = constraints.find(({ kind }) => kind === "primary-key")?.columns ?? [];
  const special = (definition: string) => /\b(?:fulltext|spatial|vector)\b/i.test(definition.split("(", 1)[0] ?? "");
  const own = indexes.filter(({ definition }) => !special(definition)).map((index) => wholeColumns(index));
  const keys = constraints.filter(({ kind }) => kind !== "check").map((constraint) => constraint.columns);
  return [...own.map((each) => [...each, ...primary]), ...keys].some((key) =>
    columns.every((column, at) => isOne(key[at] ?? "", column)),
  );
}

/** The columns that an index takes whole, from its beginning. */
function wholeColumns({ definition, columns }: Table["indexes"][number]): readonly string[] {
  const parts = partsIn(definition);
  if (parts.length === 0) return columns;
  const cut = parts.findIndex(({ prefix }) => prefix !== null);
  return (cut === -1 ? parts : parts.slice(0, cut)).map(({ name }) => name);
}

import { findTable } from "../src/engines/engine.js";
import { hasOwnClasses } from "../src/engines/table-lookup.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "siblings">;

interface Indexed {
  readonly column: string;
  readonly method: string;
}

/** Types without a default operator class, by the index's method (measured on 18): whatever extensions there are. */
const NEVER: Readonly<Record<string, RegExp>> = {
  brin: /^(?:jsonb?|bool(?:ean)?)$|\[\d*\]$/,
  btree: /^(?:json|xml|point|box|circle|line|lseg|path|polygon|xid|jsonpath)$/,
  gin: /^json$/,
  gist: /^jsonb?$/,
  hash: /^(?:json|money|point|tsvector)$/,
  spgist: /^(?:int|int4|integer)$/,
};

const PLAIN = /^(?:text|varchar|character varying|int|int4|integer|uuid)$/;
/** Those that an extension gives one: `btree_gin`, `btree_gist`, `intarray`. */
const BROUGHT: Readonly<Record<string, RegExp>> = { gin: PLAIN, gist: /^(?:text|int|int4|integer|inet)$|\[\d*\]$/ };

/** The columns that an operation indexes without saying how they are compared. */
function indexedBy({ operation }: Asked): readonly Indexed[] {
  if (operation.kind === "create-index") {
    const method = operation.method?.toLowerCase() ?? "btree";
    const plain = operation.keys.filter(({ text }) =>
      /^\s*(?:"(?:[^"]|"")+"|[^\s"(]+)(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$/i.test(text),
    );
    return plain.flatMap(({ column }) => (column === null ? [] : [{ column, method }]));
  }
  const added = detailOf(operation, "add-constraint");
  const keys = operation.kind === "create-table" ? operation.constraints : added === null ? [] : [added.constraint];
  const defined =
    operation.kind === "create-table" ? operation.columns : operation.kind === "add-column" ? [operation.column] : [];
  const columns = [
    ...keys.flatMap((key) => (key.kind === "unique" || key.kind === "primary-key" ? key.columns : [])),
    ...defined.flatMap(({ name, primaryKey, unique }) => (primaryKey || unique ? [name] : [])),
  ];
  return columns.map((column) => ({ column, method: "btree" }));
}

/** What the column is of: as the statement makes it, or as files have made it. */
function typeOf(name: string, { operation, catalog, siblings }: Asked): string | null {
  if (operation.kind === "create-table") return operation.columns.find((c) => c.name === name)?.type ?? null;
  const added = siblings.flatMap((o) => (o.kind === "add-column" ? [o.column] : []));
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  return [...added, ...(table?.columns ?? [])].find((c) => c.name === name)?.type ?? null;
}

/** With IF NOT EXISTS nothing may be made. */
const mayBeThere = ({ operation, catalog }: Asked): boolean =>
  "ifNotExists" in operation && operation.ifNotExists && (operation.kind === "add-column" || hasIt(operation, catalog));

function hasIt(operation: Asked["operation"], catalog: Asked["catalog"]): boolean {
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (operation.kind !== "create-index") return table !== null;
  return table?.indexes.some(({ name }) => name === operation.name) === true;
}

const HELPS: Readonly<Record<string, string>> = {
  json: "Make the column jsonb; or index what is looked for in it, as in ((data ->> 'id')).",
  gin: "Say how it is compared: gin_trgm_ops of the extension pg_trgm for LIKE, or index to_tsvector('simple', ...) for words; without such a search take a btree.",
};
const OTHER = "Take a method that knows the type, or an operator class of it behind the column.";

/** An index over a type that its method cannot compare; null where PostgreSQL takes it, or that is not told. */
export function missingClass(asked: Asked): Missing | null {
  if (asked.engine.name !== "postgres" || mayBeThere(asked)) return null;
  for (const { column, method } of indexedBy(asked)) {
    const type = typeOf(column, asked)
      ?.trim()
      .toLowerCase()
      .replace(/\s*\([\d\s,]*\)/, "");
    if (type === undefined) continue;
    const never = NEVER[method]?.test(type) === true;
    if (!never && !(BROUGHT[method]?.test(type) === true && hasOwnClasses(asked.catalog))) continue;
    return {
      what: `${asked.engine.quote(column)} is ${type}, which has no default operator class for ${method} (42704)`,
      help: HELPS[type] ?? HELPS[never ? "" : method] ?? OTHER,
    };
  }
  return null;
}

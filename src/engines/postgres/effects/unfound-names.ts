import type { TypeName } from "libpg-query";
import type { Catalog } from "../../../model/catalog.js";
import type { Code, CodeOperation } from "../../../model/detail/code.js";
import type { RelationName } from "../../../model/name.js";
import { calledCode, DEEPEST_CALL } from "../../called-code.js";
import { findTable } from "../../engine.js";
import { isWhole, knownRoutines, knownView, lookUpType } from "../../table-lookup.js";
import { strings } from "../parse/ast.js";
import { rawParse } from "../parse/library.js";
import { isPlainFunction } from "./query-functions.js";

/** What code names without a schema, and the search_path that it runs with does not find. */
export interface Unfound {
  /** As a message says it: `table audit_log`, `function f()`. */
  readonly what: string;
  readonly code: "42P01" | "42704" | "42883";
}

/** Schemas that PostgreSQL has by itself: what files make is not in them. */
const OWN: ReadonlySet<string> = new Set(["pg_catalog", "pg_temp", "information_schema"]);

/** Functions of PostgreSQL's well-known extensions, which are in a schema of the application's. */
const BROUGHT: ReadonlySet<string> = new Set(
  "uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 gen_salt gen_random_bytes crypt digest hmac unaccent".split(
    " ",
  ),
);

/**
 * The first name in a routine's body, and in the routines and triggers that it runs and that set no search_path themselves, that
 * is not found in some schemas and is there in another one by the files; null where there is none.
 */
export function unfoundUnder(path: readonly string[], code: Code, catalog: Catalog, depth = 1): Unfound | null {
  // Such a body's names were settled when it was made.
  if (code.settled === true) return null;
  const made = new Set(code.operations.flatMap(({ operation }) => madeBy(operation)));
  const search = { path, catalog, made };
  for (const row of Object.values(code.rows ?? {})) if (isHidden(row, search)) return unfoundTable(row);
  for (const entry of code.operations) {
    const found = namedBy(entry, search) ?? (depth < DEEPEST_CALL ? runBy(entry, search, depth) : null);
    if (found !== null) return found;
  }
  return null;
}

interface Search {
  readonly path: readonly string[];
  readonly catalog: Catalog;
  /** Tables that the code makes itself, TEMPORARY ones for the most part. */
  readonly made: ReadonlySet<string>;
}

const unfoundTable = ({ name }: RelationName): Unfound => ({ what: `table ${name}`, code: "42P01" });

type Operation = CodeOperation["operation"];

const detailIn = (operation: Operation) => {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail?.kind === "data-change" || detail?.kind === "query" ? detail : null;
};

const madeBy = (operation: Operation): string[] =>
  detailIn(operation) === null && operation.relation !== null ? [operation.relation.name] : [];

function namedBy({ operation, statement }: CodeOperation, search: Search): Unfound | null {
  const detail = detailIn(operation);
  if (detail === null) return null;
  const relations = [...(detail.kind === "data-change" ? detail.writes : []), ...detail.reads];
  const table = relations.find((relation) => isHidden(relation, search));
  if (table !== undefined) return unfoundTable(table);
  const routine = (detail.calls ?? []).find((name) => isHiddenRoutine(name, search));
  if (routine !== undefined) return { what: `function ${routine.name}()`, code: "42883" };
  const type = typesIn(statement).find((name) => isHiddenType(name, search));
  return type === undefined ? null : { what: `type ${type}`, code: "42704" };
}

/** What it calls, and the triggers of what it writes, go by the same path where they have none of their own. */
function runBy({ operation }: CodeOperation, { path, catalog }: Search, depth: number): Unfound | null {
  const detail = detailIn(operation);
  if (detail === null) return null;
  const fired = detail.kind === "data-change" ? triggersFired(detail, catalog) : [];
  const run = [...(detail.calls ?? []), ...fired].flatMap((name) => calledCode(catalog, name) ?? []);
  for (const code of run) {
    const found = code.path === undefined ? unfoundUnder(path, code, catalog, depth + 1) : null;
    if (found !== null) return found;
  }
  return null;
}

function triggersFired(
  { verb, writes }: Extract<ReturnType<typeof detailIn>, { readonly kind: "data-change" }>,
  catalog: Catalog,
): RelationName[] {
  const dependents = writes.flatMap((relation) => findTable(catalog, relation)?.dependents ?? []);
  return dependents.flatMap(({ trigger, off }) => {
    const fires = off !== true && trigger?.when === undefined && trigger?.events.some((event) => event === verb);
    return fires && trigger?.calls !== undefined ? [trigger.calls] : [];
  });
}

/** Whether something that is there in a schema of the application's is in none of the path. */
function isOutside(isIn: (schema: string | null) => boolean, { path, catalog }: Search): boolean {
  const own = path.filter((schema) => !OWN.has(schema));
  if (own.some(isIn)) return false;
  return isIn(null) && !own.includes(catalog.defaultSchema ?? "public") && (own.length === 0 || isWhole(catalog));
}

function isHidden({ schema, name }: RelationName, search: Search): boolean {
  const { catalog, made } = search;
  if (schema !== null || made.has(name)) return false;
  const isThere = (relation: RelationName) =>
    findTable(catalog, relation) !== null || knownView(catalog, relation) !== null;
  return isOutside((from) => isThere({ schema: from, name }), search);
}

function isHiddenRoutine({ schema, name }: RelationName, search: Search): boolean {
  if (schema !== null) return false;
  if (BROUGHT.has(name)) return search.path.every((one) => OWN.has(one));
  const isIn = (from: string | null) => (knownRoutines(search.catalog, { schema: from, name }) ?? []).length > 0;
  return !isPlainFunction({ schema, name }) && isOutside(isIn, search);
}

const isHiddenType = (name: string, search: Search): boolean =>
  isOutside((from) => (lookUpType(search.catalog, { schema: from, name }) ?? null) !== null, search);

/** The types that a statement names without a schema. */
function typesIn(statement: string): string[] {
  const parsed = rawParse(statement);
  const names: string[] = [];
  const todo: unknown[] = "rejection" in parsed ? [] : [parsed.statements];
  while (todo.length > 0) {
    const value = todo.pop();
    if (typeof value !== "object" || value === null) continue;
    const [name, another] = strings((value as { readonly typeName?: TypeName }).typeName?.names);
    if (name !== undefined && another === undefined) names.push(name);
    todo.push(...Object.values(value));
  }
  return names;
}

/** Why it fails: `runs with search_path = '', in which table t, which is named without its schema, is not found`. */
export function unfoundWhy(path: readonly string[], { what }: Unfound): string {
  const shown = path.map((schema) => (/^[a-z_][a-z0-9_$]*$/.test(schema) ? schema : `"${schema}"`)).join(", ");
  return `runs with search_path = ${shown || "''"}, in which ${what}, which is named without its schema, is not found`;
}

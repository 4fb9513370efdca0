import { findTable } from "../src/engines/engine.js";
import { certainChanges, isMadeNowhere, missingWhy, missingWritten } from "../src/engines/missing-written.js";
import { missingColumn } from "../src/engines/postgres/effects/query-columns.js";
import { isGoneTable, isWhole } from "../src/engines/table-lookup.js";
import type { Catalog } from "../src/model/catalog.js";
import type { Code, CodeOperation } from "../src/model/detail/code.js";
import type { RelationName } from "../src/model/name.js";
import { isOff } from "./commits-itself.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

const HELP = "Correct the name; or make, in front of the routine, what its body names.";

/** The relations that a statement of a body writes and reads; null where it is none of rows. */
function relationsOf({ operation }: CodeOperation): readonly RelationName[] | null {
  const change = detailOf(operation, "data-change");
  return change === null ? (detailOf(operation, "query")?.reads ?? null) : [...change.writes, ...change.reads];
}

/** Its own search_path may find other tables of the names. */
const findsOthers = ({ path }: Code, defaultSchema: string | null): boolean => {
  const first = path?.find((schema) => schema !== "pg_catalog");
  return first !== undefined && first !== defaultSchema;
};

/** PostgreSQL's own, and sequences of columns, whose names no file says. */
const UNSAID = /^pg_|_seq\d*$/;

/** What no file makes, where those in front of this one, or what else the body names, show that they tell of all. */
function madeByNone(named: readonly RelationName[], catalog: Catalog, deployed: Catalog): RelationName | null {
  if (!isWhole(deployed) && named.every((name) => findTable(catalog, name) === null)) return null;
  return named.find((name) => !UNSAID.test(name.name) && isMadeNowhere(name, catalog)) ?? null;
}

/**
 * What a body in SQL names that is not there: PostgreSQL looks at it when the routine is made, unless check_function_bodies is
 * off. Null where all is there, or may be.
 */
export function refusedSqlBody({ operation, catalog, engine, settings, deployed }: RuleContext): Missing | null {
  const made = detailOf(operation, "create-object");
  const code = made?.code;
  if (code?.language !== "sql" || made?.routine === undefined || engine.name !== "postgres") return null;
  const isLooked = code.settled === true || !isOff(settings.check_function_bodies ?? "on");
  const each = code.operations.map(relationsOf);
  // What it makes itself may be what is missing.
  if (!isLooked || findsOthers(code, catalog.defaultSchema) || each.includes(null)) return null;
  const named = each.flatMap((relations) => relations ?? []);
  const gone = named.find((name) => findTable(catalog, name) === null && isGoneTable(catalog, name));
  if (gone !== undefined)
    return {
      what: `its body names ${engine.quoteRelation(gone)}, which an earlier statement has dropped or given another name (42P01)`,
      help: HELP,
    };
  const none = madeByNone(named, catalog, deployed);
  if (none !== null)
    return { what: `its body names ${engine.quoteRelation(none)}, which no file makes (42P01)`, help: HELP };
  const told = named.find((name) => findTable(catalog, name) !== null);
  const written = told === undefined ? null : missingWritten(certainChanges(code), catalog, told);
  if (written !== null)
    return { what: `its body ${missingWhy(written)} (${written.column === null ? "42P01" : "42703"})`, help: HELP };
  const names = made.routine.names.filter((name) => name !== null);
  const read = code.operations.map(({ statement }) => missingColumn(statement, names, catalog));
  const unread = read.find((missing) => missing !== null);
  if (unread === undefined || unread === null) return null;
  const { relation, column } = unread;
  return {
    what: `its body reads column ${engine.quote(column)}, which ${engine.quoteRelation(relation)} does not have (42703)`,
    help: HELP,
  };
}

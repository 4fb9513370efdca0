import { isKnownCode } from "../../rules/made-behind.js";
import type { RuleContext } from "../../rules/rule.js";
import { findTable } from "../engines/engine.js";
import {
  hasSequence,
  isNamed,
  isNowhere,
  knownRoutines,
  knownView,
  lacksRoutine,
  lookUpType,
  tableOfIndex,
} from "../engines/table-lookup.js";
import type { Catalog } from "../model/catalog.js";
import type { DropObject } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { ROUTINES } from "./made-names.js";

type Asked = Pick<RuleContext, "operation" | "catalog">;

/** What an operation drops or changes IF EXISTS, and no file has made; null for anything else. */
export function unmadeName({ operation, catalog }: Asked): RelationName | null {
  const table = tableAsked(operation);
  if (table !== null) return isTableMade(table, catalog) ? null : table;
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "drop-index")
    return detail.ifExists && !isIndexMade(operation, detail.index, catalog) ? detail.index : null;
  if (detail?.kind !== "drop-object" || !detail.ifExists || detail.name === null) return null;
  return isObjectMade(detail, { operation, catalog }) ? null : detail.name;
}

/** Whether nothing has the name of what an operation drops or changes IF EXISTS, as far as files tell that name all that there is. */
export function isNobodys(unmade: RelationName, { operation, catalog }: Asked): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  const object = detail?.kind === "drop-object" ? detail.object : null;
  // Those of the whole server are others' as well.
  if (object === "role" || object === "user" || object === "database") return false;
  return object !== null && ROUTINES.has(object) ? lacksRoutine(catalog, unmade) : isNowhere(catalog, unmade.name);
}

/** The table that an operation drops or changes where it is there. */
function tableAsked(operation: Operation): RelationName | null {
  if (operation.ifTableExists === true) return operation.relation;
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail?.kind === "drop-table" && detail.ifExists ? operation.relation : null;
}

const isTableMade = (table: RelationName, catalog: Catalog): boolean =>
  findTable(catalog, table) !== null || knownView(catalog, table) !== null || isNamed(catalog, table.name);

/** An index of MySQL and MariaDB is named with its table. */
function isIndexMade({ relation }: Operation, index: RelationName, catalog: Catalog): boolean {
  if (catalog.dialect === undefined) return tableOfIndex(catalog, index) !== null || isNamed(catalog, index.name);
  const table = relation === null ? null : findTable(catalog, relation);
  return table === null
    ? relation !== null && isTableMade(relation, catalog)
    : table.indexes.some(({ name }) => name.toLowerCase() === index.name.toLowerCase());
}

/** Kinds of which it is followed whether they are there still. */
const FOLLOWED = /^(?:view|materialized-view|function|procedure|type|domain|sequence|trigger|event)$/;

function isObjectMade({ object, name }: DropObject, { operation, catalog }: Asked): boolean {
  if (name === null || (!FOLLOWED.test(object) && isNamed(catalog, name.name))) return true;
  return (
    knownView(catalog, name) !== null ||
    knownRoutines(catalog, name) !== null ||
    lookUpType(catalog, name) != null ||
    hasSequence(catalog, name) ||
    isKnownCode({ operation, catalog })
  );
}

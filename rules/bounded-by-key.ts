import { findsBatch, isBatchOf, joinedRows, namesRows, readsNamedRows } from "../src/engines/found-by-key.js";
import type { Catalog } from "../src/model/catalog.js";
import type { DataChange, Query } from "../src/model/detail/data.js";
import { isBookkeepingChange } from "./bookkeeping.js";

type Finds = typeof findsBatch;

/** Whether constants bound what a statement writes to a batch: by the table's key, as far as that is known; or it is small by itself. */
export function isBoundedByKey(change: DataChange, catalog: Catalog): boolean {
  const [relation, another] = change.writes;
  const isOne = relation !== undefined && another === undefined;
  if (isBounded(change, catalog, findsBatch) || joinedRows(change, catalog).written) return true;
  return isOne && isBatchOf(change, relation, catalog);
}

/** Whether a statement names the rows that it writes, and those that it reads: it takes no time, however large a table is. */
export const writesNamedRows = (change: DataChange, catalog: Catalog): boolean => isBounded(change, catalog, namesRows);

function isBounded(change: DataChange, catalog: Catalog, finds: Finds): boolean {
  if (isBookkeepingChange(change, catalog)) return true;
  const { verb, writes, reads, bounds, found, cte, source } = change;
  const [relation, another] = writes;
  if (verb === "merge") return joinedRows(change, catalog).all;
  if (relation === undefined || another !== undefined) return false;
  if (change.batch?.written === true && reads.length === 0 && isBatchOf(change, relation, catalog)) return true;
  if (cte && change.plainCte !== true) return false;
  if (source === "query") return isCopyBounded(change, catalog, finds);
  if (bounds === undefined) return false;
  // The bound may be one of another table.
  return (reads.length === 0 || readsNamedRows(found, catalog)) && finds(bounds, relation, catalog);
}

/** Functions of one value. */
const ONE_VALUE: ReadonlySet<string> = new Set(
  "now clock_timestamp current_timestamp gen_random_uuid uuid_generate_v4 uuid nextval currval lower upper md5 concat to_timestamp".split(
    " ",
  ),
);

const isPlain = (calls: DataChange["calls"]): boolean =>
  calls?.every(({ name }) => ONE_VALUE.has(name.toLowerCase())) === true;

/** So many turns of a loop are no walk over a table. */
const FEW_TURNS = 1000;

/** Whether a loop over the rows of a query has few turns. */
export function hasFewRows({ most, found = [], calls }: Query, catalog: Catalog): boolean {
  if (most !== undefined) return most <= FEW_TURNS;
  return found.length > 0 && isPlain(calls) && readsNamedRows(found, catalog);
}

/** `SELECT 1, 'a' UNION ALL SELECT 2, 'b'`: no more rows than the text has. */
export function isWrittenOut({ source, reads, found, cte, plainCte, calls = [] }: DataChange): boolean {
  const isOwn = reads.length === 0 && found?.length === 0 && (!cte || plainCte === true);
  return source === "query" && isOwn && isPlain(calls);
}

/** INSERT ... SELECT writes as many rows as it finds. */
function isCopyBounded(change: DataChange, catalog: Catalog, finds: Finds): boolean {
  const { found, oneRow } = change;
  if (isWrittenOut(change)) return true;
  if (found === undefined || (found.length === 0 && oneRow !== true)) return false;
  return found.every((one) => finds(one.bounds, one.relation, catalog));
}

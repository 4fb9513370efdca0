import type { RelationName } from "../../../model/name.js";
import type { BackfillKey, Cursor, Session } from "../../engine.js";
import { quoteRelation } from "../names.js";

/**
 * What a table without a key is walked by: where its rows lie, block by block. A row that is written meanwhile lies
 * elsewhere afterwards. That is no loss where a trigger of ours fills whatever is written; of an author's statement it
 * would be one, or the row would be met twice.
 */
export const PLACES: BackfillKey = Object.freeze({
  columns: Object.freeze(["ctid"]),
  types: Object.freeze(["tid"]),
});

/** No column of a table can be called `ctid`. */
export const isByPlace = (key: BackfillKey): boolean => key.columns[0] === "ctid";

/** Rows of a block where nothing tells: of 100 bytes each. */
const ROWS_OF_A_BLOCK = 80;

/** The last place of a block. */
const endOf = (block: number): readonly string[] => [`(${block},65535)`];

const blockOf = (place: string): number => Number(/^\((\d+),/.exec(place)?.[1]);

interface Size {
  readonly blocks: string;
  readonly density: number | null;
}

async function sizeOf(session: Session, relation: RelationName) {
  const [size] = await session.query<Size>(
    `SELECT (pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::bigint)::text AS blocks,
            (NULLIF(c.reltuples, -1) / NULLIF(c.relpages, 0))::float8 AS density
       FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)`,
    [quoteRelation(relation)],
  );
  return { blocks: Number(size?.blocks ?? 0), density: size?.density ?? ROWS_OF_A_BLOCK };
}

/** The last place of a table as it is now; null where it has no block. */
export async function lastPlace(session: Session, relation: RelationName): Promise<Cursor> {
  const { blocks } = await sizeOf(session, relation);
  return blocks === 0 ? null : endOf(blocks - 1);
}

/**
 * The last place of so many blocks as hold about `rows` rows: they are found by reading these and no others.
 *
 * @param upTo where the walk ends; null for the end of the table
 */
export async function endOfWindow(
  session: Session,
  { relation, after, upTo, rows }: { relation: RelationName; after: Cursor; upTo: Cursor; rows: number },
): Promise<{ readonly end: readonly string[]; readonly isLast: boolean }> {
  const { blocks, density } = await sizeOf(session, relation);
  const last = upTo === null ? Math.max(0, blocks - 1) : blockOf(upTo[0] ?? "");
  const from = after === null ? 0 : blockOf(after[0] ?? "");
  // One more, since the first may be half done.
  const block = from + Math.ceil(rows / Math.max(1, density)) + 1;
  return block >= last ? { end: upTo ?? endOf(last), isLast: true } : { end: endOf(block), isLast: false };
}

/** What a batch's rows are, in the engine's words. */
export interface RowsOf {
  /** Key values as texts: `... AS k0, ... AS k1`. */
  readonly keys: string;
  /** The columns of the key, as they are ordered by. */
  readonly order: string;
  /** A row's length in bytes: a number. */
  readonly bytes: string;
  /** Table and condition. */
  readonly from: string;
}

/**
 * Asks for the last row up to which the rows are no longer than that, and whether it is the last of all. Without a row where
 * there are none.
 */
export const bytesEndQuery = ({ keys, order, bytes, from }: RowsOf, mostBytes: number): string =>
  `SELECT s.*, CASE WHEN s.zmigrate_n = s.zmigrate_all THEN 1 ELSE 0 END AS zmigrate_whole FROM (
     SELECT ${keys}, ROW_NUMBER() OVER (ORDER BY ${order}) AS zmigrate_n, COUNT(*) OVER () AS zmigrate_all,
            SUM(${bytes}) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS zmigrate_bytes
     FROM ${from}) s
   WHERE s.zmigrate_n = 1 OR s.zmigrate_bytes <= ${mostBytes} ORDER BY s.zmigrate_n DESC LIMIT 1`;

import pg from "pg";

/** A row as `pg` hands it over: bigints and counts are texts. */
export type Row = Readonly<Record<string, unknown>>;

/** What statements run on. */
export interface Queryable {
  query(sql: string, params?: readonly unknown[]): Promise<{ readonly rows: readonly Row[] }>;
}

/** One connection of the demo to a server. */
export interface Connection extends Queryable {
  /** Ends at once, even in the middle of a statement, which then fails. */
  close(): Promise<void>;
}

/** @param name shown in the server's session list */
export async function connect(url: string, name: string): Promise<Connection> {
  const client = new pg.Client({ connectionString: url, application_name: name });
  // Without a listener a server that goes away would end the process; the next statement fails anyhow.
  client.on("error", () => undefined);
  await client.connect();
  return Object.freeze({
    query: (sql: string, params: readonly unknown[] = []) => client.query<Row>(sql, [...params]),
    close: () => client.end(),
  });
}

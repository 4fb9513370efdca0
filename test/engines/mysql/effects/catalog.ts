import { createConnection } from "mysql2/promise";
import { introspect } from "../../../../src/engines/mysql/introspect/index.js";
import type { MysqlDialect } from "../../../../src/engines/mysql/parse/index.js";
import type { Catalog } from "../../../../src/model/catalog.js";

/** What a database holds, as the model gets to see it. */
export async function readCatalog(url: string, dialect: MysqlDialect): Promise<Catalog> {
  const connection = await createConnection({ uri: url, supportBigNumbers: true, bigNumberStrings: true });
  try {
    const session = {
      id: 0,
      lost: new AbortController().signal,
      sent: () => 0,
      query: async <R extends object>(sql: string, params: readonly unknown[] = []) => {
        const [rows] = await connection.query(sql, [...params]);
        return rows as R[];
      },
      close: () => connection.end(),
    };
    return await introspect(session, dialect);
  } finally {
    connection.destroy();
  }
}

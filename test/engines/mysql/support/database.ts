import { afterAll, beforeAll } from "vitest";
import type { Database, Session } from "../../../../src/engines/engine.js";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import type { MysqlDialect } from "../../../../src/engines/mysql/parse/dialect.js";
import { describeServer, type TestDatabase, type TestServer } from "../../../servers/index.js";

export const OPTIONS = Object.freeze({ connectTimeoutMs: 10_000, applicationName: "zmigrate test" });

export const TIMEOUTS = Object.freeze({ lockMs: 2_000, statementMs: 0 });

/** What a test of this engine works with: a database of its own, and a session on it. */
export interface Bench {
  readonly dialect: MysqlDialect;
  readonly server: TestServer;
  readonly test: () => TestDatabase;
  readonly database: () => Database;
  readonly session: () => Session;
  /** Runs statements one after the other on the session. */
  sql(...statements: readonly string[]): Promise<void>;
  /** Another session, closed at the end. */
  another(): Promise<Session>;
}

/** The same suite on MySQL and MariaDB, each in a database of its own. */
export function describeDialects(prefix: string, body: (bench: Bench) => void): void {
  for (const dialect of ["mysql", "mariadb"] as const)
    describeServer(dialect, (server) => {
      let [test, database, session]: [TestDatabase?, Database?, Session?] = [];
      const others: Session[] = [];
      beforeAll(async () => {
        test = await server.createDatabase(prefix);
        const engine = createMysqlEngine(dialect);
        await engine.load();
        database = await engine.connect(test.url, OPTIONS);
        session = await database.open();
      });
      afterAll(async () => {
        await Promise.all([...others, session].map((s) => s?.close()));
        await database?.close();
        await test?.drop();
      });
      const ready = <T>(value: T | undefined): T => {
        if (value === undefined) throw new Error("the database is not there yet");
        return value;
      };
      body({
        dialect,
        server,
        test: () => ready(test),
        database: () => ready(database),
        session: () => ready(session),
        async sql(...statements) {
          for (const statement of statements) await ready(session).query(statement);
        },
        async another() {
          const other = await ready(database).open();
          others.push(other);
          return other;
        },
      });
    });
}

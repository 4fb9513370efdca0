import { createConnection } from "mysql2/promise";
import pg from "pg";

/** Runs one statement; `?` stands for a value on every server. */
export type Query = (sql: string, params?: readonly unknown[]) => Promise<Record<string, unknown>[]>;

/** A connection of an application. */
export async function connect(url: string): Promise<{ query: Query; end(): Promise<void> }> {
  if (url.startsWith("postgres")) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    return {
      query: async (sql, params = []) => {
        let n = 0;
        return (
          await client.query(
            sql.replaceAll("?", () => `$${++n}`),
            [...params],
          )
        ).rows as Record<string, unknown>[];
      },
      end: () => client.end(),
    };
  }
  const connection = await createConnection({ uri: url.replace(/^mariadb:/, "mysql:") });
  return {
    query: async (sql, params = []) =>
      (await connection.query(sql, [...params]))[0] as unknown as Record<string, unknown>[],
    end: () => connection.end(),
  };
}

/**
 * Between two turns of a client, milliseconds: without it two of them take more than a core from the servers and from the
 * program that they watch, and at a third of this, where tests share two cores, still a quarter of all. `npm run chaos`
 * makes it shorter.
 */
const PAUSE_MS = Number(process.env.ZMIGRATE_TEST_CLIENT_PAUSE_MS ?? 30);

/** What a client did until it was stopped. */
export interface ClientReport {
  readonly statements: number;
  readonly failures: readonly string[];
  readonly slowestMs: number;
}

/** Statements of an application that goes on until it is stopped. */
export interface RunningClient {
  stop(): Promise<ClientReport>;
}

/** One turn of an application. A statement that fails resolves to no rows and is added to `failures`. */
export type Work = (query: Query, turn: number, failures: readonly string[]) => Promise<void>;

/** Runs `work` over and over on a connection of its own; an error is kept and the client goes on. */
export async function startClient(url: string, work: Work): Promise<RunningClient> {
  const connection = await connect(url);
  const failures: string[] = [];
  let statements = 0;
  let slowestMs = 0;
  let going = true;
  const timed: Query = async (sql, params) => {
    const began = performance.now();
    try {
      return await connection.query(sql, params);
    } catch (error) {
      failures.push(`${sql}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    } finally {
      statements += 1;
      slowestMs = Math.max(slowestMs, performance.now() - began);
    }
  };
  const loop = (async () => {
    for (let turn = 0; going; turn += 1) {
      await work(timed, turn, failures);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  return {
    async stop() {
      going = false;
      await loop;
      await connection.end();
      return { statements, failures, slowestMs };
    },
  };
}

import { type ClientOptions, type DemoClient, startClient } from "./client-handle.js";
import { type Connection, connect } from "./database.js";
import { startPostgres } from "./embedded-postgres.js";
import { type LagWatch, watchLag } from "./replica-lag.js";

/** What the demo plays on. */
export interface Stage {
  readonly url: string;
  /** The demo's own connection to the primary. */
  readonly db: Connection;
  readonly lag: LagWatch;
  client(options: Omit<ClientOptions, "url">): Promise<DemoClient>;
}

/** Room for 1,000,000 rows twice, so that the demo measures the migration and not checkpoints of a small server. */
const SETTINGS = Object.freeze({ maintenance_work_mem: "256MB" });

/**
 * Starts servers and what watches them, runs `play`, and ends all of it, whatever happens.
 *
 * @throws ZmigrateError not-available: no embedded PostgreSQL for this machine
 */
export async function withStage<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
  const endings: (() => Promise<unknown>)[] = [];
  try {
    const pg = await startPostgres({ replica: true, settings: SETTINGS });
    endings.push(pg.stop);
    const db = await connect(pg.url, "demo");
    endings.push(db.close);
    const lag = await watchLag(pg.url, pg.replica?.url ?? pg.url);
    endings.push(lag.stop);
    return await play({
      url: pg.url,
      db,
      lag,
      async client(options) {
        const client = await startClient({ ...options, url: pg.url });
        endings.push(client.terminate);
        return client;
      },
    });
  } finally {
    // What fails to end must not keep the next from ending: servers go last.
    for (const end of endings.reverse()) await end().catch(() => undefined);
  }
}

import type { Database } from "../engines/engine.js";
import { kept } from "../engines/kept.js";
import type { Surroundings, Watch } from "../engines/signal.js";
import type { RelationName } from "../model/name.js";

/** How long a question of a signal may take, milliseconds. */
const ANSWER_MS = 3_000;

/** What signals look at, over one session, which is given up when it does not answer. */
export function watchOf(
  database: Database,
  relation: RelationName,
  { env, replicaUrls }: Surroundings,
): Watch & { close(): Promise<void> } {
  const link = kept(() => database.open());
  return {
    database,
    relation,
    env,
    replicaUrls,
    ask: (work) => link.ask(ANSWER_MS, work),
    close: () => link.close(),
  };
}

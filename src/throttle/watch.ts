import type { Database } from "../engines/engine.js";
import { kept, within } from "../engines/kept.js";
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
    async ask(work) {
      const session = await within(ANSWER_MS, link.session());
      let answered = false;
      const answer = work(session).finally(() => {
        answered = true;
      });
      try {
        return await within(ANSWER_MS, answer);
      } catch (error) {
        if (!answered) link.drop();
        throw error;
      }
    },
    close: () => link.close(),
  };
}

import type { Session } from "../engines/engine.js";
import { type Kept, kept } from "../engines/kept.js";
import type { BackfillContext } from "./context.js";

/** No batch should take so long, milliseconds. */
const SLOW_MS = 10_000;

/** Code that computes values is told of sooner: what it waits for is not seen anywhere else, milliseconds. */
const SLOW_CODE_MS = 5_000;

/** Runs what may take long, and tells more and more seldom, with the milliseconds so far, that it is not done. */
export async function toldWhile<T>(tell: (forMs: number) => void, body: () => Promise<T>, firstMs = SLOW_CODE_MS) {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tellIn = (ms: number) => {
    timer = setTimeout(() => {
      tell(Math.round(performance.now() - began));
      tellIn(ms * 2);
    }, ms);
  };
  tellIn(firstMs);
  try {
    return await body();
  } finally {
    clearTimeout(timer);
  }
}

/** How long the server may take to say what a session is about, milliseconds. */
const ANSWER_MS = 3_000;

/**
 * Runs a batch, and says more and more seldom what the server is about where it takes much longer than any should: some wait without
 * an end, as a COMMIT on MySQL does for room on the disk.
 *
 * @param session that the batch runs on
 */
export async function toldWhileSlow<T>(
  { database, emit, migrationId: migration }: Pick<BackfillContext, "database" | "emit" | "migrationId">,
  step: string,
  session: Session,
  body: () => Promise<T>,
  slowMs = SLOW_MS,
): Promise<T> {
  const began = performance.now();
  let observer: Kept | null = null;
  let ended = false;
  const look = async () => {
    observer ??= kept(() => database.open());
    try {
      const why = await observer.ask(ANSWER_MS, (o) => database.doing(o, session.id));
      const forMs = Math.round(performance.now() - began);
      if (why !== null && !ended) emit({ event: "batch-slow", migration, step, forMs, why });
    } catch {
      // What is not known is not told.
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const lookIn = (ms: number) => {
    timer = setTimeout(() => void look().then(() => ended || lookIn(ms * 2)), ms);
  };
  lookIn(slowMs);
  try {
    return await body();
  } finally {
    ended = true;
    clearTimeout(timer);
    await (observer as Kept | null)?.close();
  }
}

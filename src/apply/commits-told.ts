import type { Session } from "../engines/engine.js";
import type { Kept } from "../engines/kept.js";
import type { Emit } from "../model/event.js";
import type { ApplyOptions } from "./options.js";

/** A run that tells nothing for so long is looked at, and as often from then on, milliseconds. */
const QUIET_MS = 2_000;

/** How often it is looked when the run is to stop: each COMMIT on its way out may wait, milliseconds. */
const STOPPING_MS = 300;

/** How long the server may take to answer, milliseconds. */
const ANSWER_MS = 3_000;

/** Looks after the COMMITs of a run. */
export interface CommitsTold {
  /** The run's, through which its signs of life are seen. */
  readonly emit: Emit;
  /** Sees to what is left of them when the sessions are closed, and ends. */
  end(): Promise<void>;
}

/**
 * Tells when COMMITs of this process wait for another server, which no timeout of ours ends; and has them wait no longer when
 * the run is asked to stop: nothing undoes them, and a session left behind would hold its locks.
 */
export function commitsTold({ database, signal, emit }: ApplyOptions, observer: Kept): CommitsTold {
  const { commitsWaitFor, endCommits } = database;
  if (commitsWaitFor === undefined || endCommits === undefined) return { emit, end: async () => undefined };
  /** Of sessions that were open when the run was asked to stop: one that is closed since may still be at its COMMIT. */
  let before: readonly number[] = [];
  let quietSince = performance.now();
  let told = false;
  let looking = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const look = async (session: Session) => {
    if (signal.aborted) {
      const commits = await endCommits(session, [...new Set([...before, ...database.ownSessions()])]);
      if (commits > 0) emit({ event: "commit-not-awaited", commits });
      return;
    }
    const why = await commitsWaitFor(session, database.ownSessions());
    if (why !== null && !told) emit({ event: "commit-waits", why });
    told = why !== null;
  };
  const looked = () => {
    looking = looking.then(() => observer.ask(ANSWER_MS, look)).catch(() => undefined);
    return looking;
  };
  const next = () => {
    if (ended) return;
    const ms = signal.aborted ? STOPPING_MS : QUIET_MS;
    timer = setTimeout(() => {
      const due = signal.aborted || performance.now() - quietSince >= QUIET_MS;
      void (due ? looked() : looking).then(next);
    }, ms);
  };
  const stopping = () => {
    before = database.ownSessions();
    clearTimeout(timer);
    void looked().then(next);
  };
  signal.addEventListener("abort", stopping, { once: true });
  next();
  return {
    emit(event) {
      quietSince = performance.now();
      emit(event);
    },
    async end() {
      ended = true;
      signal.removeEventListener("abort", stopping);
      clearTimeout(timer);
      await (signal.aborted ? looked() : looking);
    },
  };
}

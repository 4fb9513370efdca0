import type { Session } from "./engine.js";

/** One session that is there for long: opened when it is first asked for, and again after it was lost. */
export interface Kept {
  session(): Promise<Session>;
  /**
   * Asks something over it. One that is open and does not answer is given up; one that is still being opened is not, so that
   * who asks again over a slow network finds it open.
   *
   * @param ms how long the answer may take, and before it the session to be opened, milliseconds
   * @throws Error when there is no answer within `ms`; whatever `work` throws
   */
  ask<T>(ms: number, work: (session: Session) => Promise<T>): Promise<T>;
  /** Gives up a session that no longer answers; the next one is new. */
  drop(): void;
  /** Waits for nothing that does not answer. */
  close(): Promise<void>;
}

/** How long a session may take to be closed, milliseconds. */
const CLOSING_MS = 1_000;

export function kept(open: () => Promise<Session>): Kept {
  let current: Promise<Session> | null = null;
  const forget = (which: Promise<Session>) => {
    if (current === which) current = null;
  };
  const session = async (): Promise<Session> => {
    const asked = current ?? open();
    current = asked;
    try {
      const found = await asked;
      if (!found.lost.aborted) return found;
      void found.close().catch(() => undefined);
    } catch (error) {
      forget(asked);
      throw error;
    }
    forget(asked);
    return session();
  };
  const close = async (which: Promise<Session> | null) => {
    const closed = which?.then((s) => s.close()).catch(() => undefined);
    await within(CLOSING_MS, closed ?? Promise.resolve()).catch(() => undefined);
  };
  const drop = () => {
    const former = current;
    current = null;
    void close(former);
  };
  return {
    session,
    async ask(ms, work) {
      const open = await within(ms, session());
      let answered = false;
      const answer = work(open).finally(() => {
        answered = true;
      });
      try {
        return await within(ms, answer);
      } catch (error) {
        if (!answered) drop();
        throw error;
      }
    },
    drop,
    close: () => close(current),
  };
}

/** @throws Error when there is no answer within `ms` milliseconds */
export function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    const silence = () => new Error(`no answer within ${ms / 1_000} s (timeout)`);
    timer = setTimeout(() => reject(silence()), ms);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

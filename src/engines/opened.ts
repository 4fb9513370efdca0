import type { Session } from "./engine.js";

/** Sessions that this process has open on a server. */
export interface Opened {
  open(): Promise<Session>;
  /** The server's ids of those that are still open. */
  ids(): readonly number[];
}

/** Keeps account of what `open` opens until it is closed or lost. */
export function opened(open: () => Promise<Session>): Opened {
  const sessions = new Set<Session>();
  return {
    async open() {
      const session = await open();
      const { close } = session;
      sessions.add(session);
      session.lost.addEventListener("abort", () => sessions.delete(session), { once: true });
      return Object.assign(session, {
        close() {
          sessions.delete(session);
          return close();
        },
      });
    },
    ids: () => [...sessions].map((session) => session.id),
  };
}

import type { ServerInfo, Session } from "./engine.js";

/** What a check has found. */
export interface Diagnosis {
  /**
   * `ok`; `advice` where something works worse, or cannot be told; `problem` where a migration would be refused or fail.
   */
  readonly health: "ok" | "advice" | "problem";
  /** For people, one sentence or a part of one. */
  readonly found: string;
  /** What to run or to set; absent where nothing is to be done. */
  readonly way?: string;
}

/** Looks at one thing of a server that matters to migrations, and changes nothing. What it throws is told as a problem. */
export interface ServerCheck {
  readonly name: string;
  look(session: Session, server: ServerInfo): Promise<Diagnosis>;
}

/** What an `apply` of one worker holds: measured are 7 at once on each engine, and one more for each further worker. */
const SESSIONS_OF_APPLY = 8;

/** Whether the server has room for the sessions of an `apply`. @param free sessions that this role may still open */
export function connectionsLeft(free: number, limit: string): Diagnosis {
  const found = `${free} more sessions may be opened (${limit}); \`apply\` holds up to ${SESSIONS_OF_APPLY}, and one for each worker beyond the first`;
  if (free >= 2 * SESSIONS_OF_APPLY) return { health: "ok", found };
  const way = "Raise the limit, or have applications hold fewer sessions while a migration is applied.";
  return { health: free < SESSIONS_OF_APPLY ? "problem" : "advice", found, way };
}

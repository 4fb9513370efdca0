import type { Blocker } from "./event.js";

/** What somebody who holds a lock is called: `pid 12`, `the prepared transaction "x"`. */
export const nameOfHolder = ({ pid, prepared }: Blocker): string =>
  prepared === undefined ? `pid ${pid}` : `the prepared transaction ${JSON.stringify(prepared)}`;

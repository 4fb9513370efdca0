import type { Blocker } from "./event.js";

/** What somebody who holds a lock is called: `pid 12`, `the prepared transaction "x"`. */
export const nameOfHolder = ({ pid, prepared }: Blocker): string => {
  if (prepared === undefined) return `pid ${pid}`;
  return prepared === ""
    ? "a prepared transaction whose name this user may not see"
    : `the prepared transaction ${JSON.stringify(prepared)}`;
};

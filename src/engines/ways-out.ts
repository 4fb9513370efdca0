import type { ErrorClass } from "./database.js";

/** What mends errors whose message does not tell. */
export const WAYS_OUT: Partial<Record<ErrorClass, string>> = {
  "disk-full":
    "Make room on the server's disk (old logs that a replication slot or a replica keeps, other files, a larger disk)",
};

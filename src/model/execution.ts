/** How a statement asks to be carried out, on MySQL and MariaDB. What it does not say is null or false. */
export interface Execution {
  /** In upper case. The server refuses the statement when the algorithm does not apply, DEFAULT apart. */
  readonly algorithm: "DEFAULT" | "INSTANT" | "INPLACE" | "NOCOPY" | "COPY" | null;
  readonly lock: "DEFAULT" | "NONE" | "SHARED" | "EXCLUSIVE" | null;
  /** Seconds to wait for locks; 0 for NOWAIT. Null is the session's lock_wait_timeout. */
  readonly waitSeconds: number | null;
  /** MariaDB's ONLINE: the same as LOCK=NONE. */
  readonly online: boolean;
  /** MariaDB's `ALTER IGNORE`: rows that violate a new unique key are deleted. */
  readonly ignore: boolean;
  /** MySQL's `WITH VALIDATION` and `WITHOUT VALIDATION`. */
  readonly validation: boolean | null;
}

/** The text by which a driver tells an error: SQLSTATE, `ER_LOCK_WAIT_TIMEOUT`, or Node's code of a socket error; else "". */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** Node's codes for a connection that broke, or could not be made. */
export const SOCKET_CODES: readonly string[] = Object.freeze([
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ECONNABORTED",
]);

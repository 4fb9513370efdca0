import type { ErrorClass } from "../../engine.js";
import { codeOf, SOCKET_CODES } from "../../error-code.js";
import { isOfRow, isRaised } from "./of-rows.js";

const BY_STATE: Readonly<Record<string, ErrorClass>> = Object.freeze({
  "55P03": "lock-timeout",
  "40P01": "deadlock",
  "40001": "serialization",
  "57014": "statement-timeout",
  "25006": "read-only",
  // Its transaction has stood still for too long.
  "25P03": "connection-lost",
  "42501": "permission",
  "53100": "disk-full",
  "57P01": "connection-lost",
  "57P02": "connection-lost",
  "57P03": "connection-lost",
});

const SOCKET: ReadonlySet<string> = new Set(SOCKET_CODES);

/** Only what the server has said has a severity: Node's codes may look like an SQLSTATE. */
const isServers = (error: unknown): boolean => error instanceof Error && "severity" in error;

/** What an error means for what to do next. Class 08 is a lost connection. */
export function classify(error: unknown): ErrorClass {
  const code = codeOf(error);
  const known = BY_STATE[code];
  if (known === "permission" && isRaised(error)) return "data";
  if (known !== undefined) return known;
  if (code.startsWith("08") || SOCKET.has(code)) return "connection-lost";
  if (isServers(error) && (isRaised(error) || isOfRow(code))) return "data";
  if (error instanceof Error && /connection terminated|not queryable|connection ended/i.test(error.message))
    return "connection-lost";
  return "other";
}

/** The server's message with detail and hint, in one line. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const extra = (["detail", "hint"] as const)
    .map((k) => (k in error ? (error as unknown as Record<string, unknown>)[k] : undefined))
    .filter((v): v is string => typeof v === "string" && v !== "");
  const message = error.message === "" ? codeOf(error) || error.name : error.message;
  return [message, ...extra].join(" ");
}

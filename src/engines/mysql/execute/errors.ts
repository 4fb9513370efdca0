import type { ErrorClass } from "../../engine.js";
import { codeOf, SOCKET_CODES } from "../../error-code.js";

/** The server's error number; 0 for an error that is not the server's. */
export function numberOf(error: unknown): number {
  if (typeof error !== "object" || error === null || !("errno" in error)) return 0;
  return typeof error.errno === "number" ? error.errno : 0;
}

const CLASSES: readonly (readonly [ErrorClass, readonly number[]])[] = [
  ["lock-timeout", [1205, 3572]],
  ["deadlock", [1213]],
  // 1020: MariaDB 11's snapshot isolation. 3101: group replication rolled back.
  ["serialization", [1020, 3101]],
  // 1317: killed. 3024 and 1969: max_execution_time and max_statement_time.
  ["statement-timeout", [1317, 3024, 1969, 1907]],
  ["connection-lost", [1053, 1077, 1078, 1079, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031]],
  ["read-only", [1290, 1792, 1836, 3100]],
  ["permission", [1044, 1045, 1095, 1142, 1143, 1227, 1345, 1370, 1410, 1419, 1698]],
  // Larger than the binary log's cache, the packet, group replication's limit.
  ["too-large", [1197, 1206, 3100, 3162]],
  // A tablespace, a table in memory or a temporary one that cannot grow; the disk; a file of the binary log.
  ["disk-full", [1021, 1114, 3675]],
  [
    "data",
    [
      // Of triggers and functions: 1172 and 1242 are several rows where one is wanted, 1321 a function without RETURN, 1329 no row.
      // 1369: the check option of a view. 1526, 1748: no partition takes the row. 1118, 1713: the row is too long.
      1048,
      1062, 1118, 1138, 1172, 1216, 1217, 1242, 1264, 1265, 1292, 1300, 1321, 1329, 1339, 1364, 1365, 1366, 1367, 1369,
      1406, 1411, 1441, 1451, 1452, 1526, 1586, 1644, 1690, 1713, 1748, 3140, 3156, 3819, 3854, 4025, 4038, 4078,
    ],
  ],
];

const BY_NUMBER: ReadonlyMap<number, ErrorClass> = new Map(
  CLASSES.flatMap(([kind, numbers]) => numbers.map((number) => [number, kind] as const)),
);

const SOCKET: ReadonlySet<string> = new Set([
  ...SOCKET_CODES,
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "PROTOCOL_ENQUEUE_AFTER_QUIT",
]);

/** The trigger that PRECEDES or FOLLOWS names is not there: 3011 on MySQL, 4031 on MariaDB. */
export const isNoSuchNeighbour = (error: unknown): boolean =>
  error instanceof Error && /^Referenced trigger .* does not exist/.test(error.message);

/** Writing a file failed (errors 3, 20 and 1026) because there was no room: the operating system's error 28. */
const isWriteWithoutRoom = (error: unknown): boolean =>
  [3, 20, 1026].includes(numberOf(error)) &&
  error instanceof Error &&
  /\b(?:Errcode: |errno:? )28\b/.test(error.message);

/** The SQLSTATE; "" for an error that is not the server's. */
const stateOf = (error: unknown): string =>
  error instanceof Error && "sqlState" in error && typeof error.sqlState === "string" ? error.sqlState : "";

/** A trigger's or a function's own: SIGNAL gives it whatever number it likes, one of the server's, too. */
const isSignalled = (error: unknown): boolean => stateOf(error).startsWith("45");

/** Numbers that are not listed: the standard's classes of values and of constraints. */
const isOfRow = (error: unknown): boolean => /^(?:22|23|27|44)|^21000$/.test(stateOf(error));

/** What an error means for what to do next. Numbers: the servers' own error lists. */
export function classify(error: unknown): ErrorClass {
  // MariaDB gives this number to another error than MySQL does.
  if (isNoSuchNeighbour(error)) return "other";
  if (isSignalled(error)) return "data";
  const known = BY_NUMBER.get(numberOf(error));
  if (known !== undefined) return known;
  if (isWriteWithoutRoom(error)) return "disk-full";
  if (SOCKET.has(codeOf(error))) return "connection-lost";
  if (isOfRow(error)) return "data";
  if (
    error instanceof Error &&
    /connection is in closed state|connection lost|server closed the connection/i.test(error.message)
  )
    return "connection-lost";
  return "other";
}

/** What a message of the server leaves to guess. */
const MEANING: ReadonlyMap<number, string> = new Map([
  [1665, "zmigrate works at READ COMMITTED, which the server logs with binlog_format ROW or MIXED only"],
]);

/** The server's message with its number, and what it means where that needs a word. mysql2 puts no password in it. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const number = numberOf(error);
  const message = error.message === "" ? codeOf(error) || error.name : error.message;
  const meaning = MEANING.get(number);
  if (meaning !== undefined) return `${message} (error ${number}): ${meaning}`;
  return number > 0 ? `${message} (error ${number})` : message;
}

import { exactly } from "../../../exactly.js";
import { quote } from "../names.js";
import { madeOf, unlessGiven, unmetByAny, unmetByInbound, unmetByOwnKeys, unmetByTriggers } from "./shared.js";
import type { Place, Tool } from "./tool.js";

/** Between backticks its file takes every character but these; `%(name)s` would be replaced. */
const unwritable = ({ user, password }: Place): boolean => /[`\n\r]|%\(/.test(user + password);

const tlsLines = ({ tls }: Place): string[] =>
  tls === null ? [] : [`tls-mode = ${tls.mode}`, ...(tls.ca === null ? [] : [`tls-ca = \`${tls.ca}\``])];

/**
 * It reads the changes from the binary log, compares all rows before the exchange, and goes on where a run of it was cut
 * off. Flags and names: spirit's own source, and what it was seen to do on MySQL 9.7.
 */
export const spirit: Tool = Object.freeze({
  name: "spirit",
  dialects: ["mysql"],
  get: "It is built from https://github.com/block/spirit: `go install github.com/block/spirit/cmd/spirit@latest`.",
  own: [
    ...["host", "username", "password", "database", "conf", "statement", "table", "alter", "tls-mode", "tls-ca"],
    // A DSN with a password in it.
    ...["replica-dsn", "skip-drop-after-cutover", "help", "version"],
  ],
  args: ({ place, file, database, table, change, lockSeconds, given }) => [
    "migrate",
    `--host=${place.host}:${place.port}`,
    `--conf=${file}`,
    `--database=${database}`,
    `--statement=ALTER TABLE ${quote(table)} ${change}`,
    "--skip-drop-after-cutover",
    ...unlessGiven(given, [`--lock-wait-timeout=${lockSeconds}s`]),
    ...given,
  ],
  credentials: (place) =>
    ["[client]", `user = \`${place.user}\``, `password = \`${place.password}\``, ...tlsLines(place), ""].join("\n"),
  env: () => ({}),
  unreachable(place) {
    if (place.socket !== null) return "it comes over TCP only, and the database's URL names a socket";
    return unwritable(place) ? "its file cannot hold this user's name or password" : null;
  },
  unmet: (subject) => [
    ...unmetByAny(subject),
    ...unmetByTriggers(subject),
    ...unmetByOwnKeys(subject),
    ...unmetByInbound(subject),
    ...(subject.table.constraints.some((c) => c.kind === "primary-key") ? [] : ["it has no primary key"]),
  ],
  settings: {
    log_bin: ["ON", "1"],
    binlog_format: ["ROW"],
    binlog_row_image: ["FULL"],
    log_replica_updates: ["ON", "1"],
    innodb_autoinc_lock_mode: ["2"],
    performance_schema: ["ON", "1"],
  },
  traces(_, table) {
    const work = ["_new", "_chkpnt"].map((suffix) => exactly(madeOf(table, suffix)));
    return {
      work: new RegExp(`^(?:${work.join("|")})$`),
      // 64 characters are room for 43 of the table's name beside `_old_20060102_150405`.
      old: new RegExp(`^(?:${exactly(madeOf(table, "_old"))}|_${exactly(table.slice(0, 43))}_old_\\d{8}_\\d{6})$`),
      trigger: null,
    };
  },
  resumes: true,
} satisfies Tool);

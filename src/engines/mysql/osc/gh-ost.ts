import { exactly } from "../../../exactly.js";
import { madeOf, unlessGiven, unmetByAny, unmetByInbound, unmetByOwnKeys, unmetByTriggers } from "./shared.js";
import type { Tls, Tool } from "./tool.js";

/** The variable that its file names: no character of a password has a meaning there. */
const PASSWORD = "ZMIGRATE_OSC_PASSWORD";

function tlsArgs(tls: Tls): string[] {
  if (tls === null) return [];
  const ca = tls.ca === null ? [] : [`--ssl-ca=${tls.ca}`];
  return ["--ssl", ...ca, ...(tls.mode === "REQUIRED" ? ["--ssl-allow-insecure"] : [])];
}

/**
 * It reads the changes from the binary log, so that no trigger is on the table. A run that was cut off begins anew.
 * Flags and names: gh-ost's own source, and what it was seen to do (1.1.x on MySQL 9.7).
 */
export const ghOst: Tool = Object.freeze({
  name: "gh-ost",
  dialects: ["mysql"],
  get: "Its releases are at https://github.com/github/gh-ost/releases.",
  own: [
    ...["host", "port", "user", "password", "conf", "ask-pass", "master-user", "master-password", "assume-master-host"],
    ...["ssl", "ssl-ca", "ssl-allow-insecure", "database", "table", "alter", "execute", "allow-on-master"],
    ...["serve-socket-file", "ok-to-drop-table", "timestamp-old-table", "force-table-names", "resume", "revert"],
    ...["initially-drop-old-table", "initially-drop-ghost-table", "test-on-replica", "migrate-on-replica"],
    ...["discard-foreign-keys", "skip-foreign-key-checks", "old-table", "help", "version", "check-flag"],
  ],
  args: ({ place, file, folder, database, table, change, lockSeconds, given }) => [
    `--host=${place.host}`,
    `--port=${place.port}`,
    `--conf=${file}`,
    ...tlsArgs(place.tls),
    `--database=${database}`,
    `--table=${table}`,
    `--alter=${change}`,
    "--allow-on-master",
    `--serve-socket-file=${folder}/gh-ost.sock`,
    // It takes 1 to 10 seconds.
    ...unlessGiven(given, ["--assume-rbr", `--cut-over-lock-timeout-seconds=${Math.min(10, lockSeconds)}`]),
    ...given,
    "--execute",
  ],
  credentials: ({ user }) => `[client]\nuser = ${user}\npassword = \${${PASSWORD}}\n`,
  env: ({ password }) => ({ [PASSWORD]: password }),
  unreachable({ socket, user }) {
    if (socket !== null) return "it comes over TCP only, and the database's URL names a socket";
    return /^[\w.@-]+$/.test(user) ? null : "its file cannot hold this user's name";
  },
  unmet: (subject) => [
    ...unmetByAny(subject),
    ...unmetByTriggers(subject),
    ...unmetByOwnKeys(subject),
    ...unmetByInbound(subject),
  ],
  settings: { log_bin: ["ON", "1"], binlog_format: ["ROW"], binlog_row_image: ["FULL"] },
  traces(_, table) {
    const names = ["_gho", "_ghc", "_ghk"].map((suffix) => exactly(madeOf(table, suffix)));
    return {
      work: new RegExp(`^(?:${names.join("|")})$`),
      old: new RegExp(`^${exactly(madeOf(table, "_del"))}$`),
      trigger: null,
    };
  },
  resumes: false,
} satisfies Tool);

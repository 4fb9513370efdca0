import { exactly } from "../../../exactly.js";
import { dsnOf } from "./dsn.js";
import { flagOf, madeOf, triggersOf, unlessGiven, unmetByAny, unmetByInbound } from "./shared.js";
import type { Job, Subject, Tool } from "./tool.js";

/** A value as the servers' option files have it. */
const optionValue = (text: string): string =>
  `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}"`;

function dsn({ place, database, table }: Job): string {
  const way = place.socket === null ? { h: place.host, P: place.port } : { S: place.socket };
  return dsnOf({ ...way, D: database, t: table });
}

const has = ({ given }: Subject, flag: string): boolean => given.some((g) => flagOf(g) === flag);

/**
 * It keeps a copy equal by triggers, so that it needs no binary log. A run that was cut off begins anew; its triggers are dropped
 * first, or each write would fail without their table. Flags and names: its manual, and what 3.2.1 was seen to do.
 */
export const ptOnlineSchemaChange: Tool = Object.freeze({
  name: "pt-online-schema-change",
  dialects: ["mysql", "mariadb"],
  get: "It is in Percona Toolkit: `apt-get install percona-toolkit`, `dnf install percona-toolkit`, `brew install percona-toolkit`.",
  own: [
    ...["host", "port", "socket", "user", "password", "ask-pass", "config", "defaults-file", "database", "alter"],
    ...[
      "execute",
      "dry-run",
      "drop-old-table",
      "no-drop-old-table",
      "drop-triggers",
      "no-drop-triggers",
      "new-table-name",
    ],
    ...[
      "swap-tables",
      "no-swap-tables",
      "no-drop-new-table",
      "drop-new-table",
      "help",
      "version",
      "plugin",
      "slave-password",
      // It would copy a part of the rows.
      "where",
    ],
  ],
  args: (job) => [
    `--defaults-file=${job.file}`,
    `--alter=${job.change}`,
    "--no-drop-old-table",
    // It would ask Percona over the network which versions there are.
    ...unlessGiven(job.given, ["--no-version-check", `--set-vars=lock_wait_timeout=${job.lockSeconds}`]),
    ...job.given,
    "--execute",
    dsn(job),
  ],
  credentials: ({ user, password }) => `[client]\nuser=${optionValue(user)}\npassword=${optionValue(password)}\n`,
  env: () => ({}),
  unreachable: ({ tls }) =>
    tls === null
      ? null
      : "the database's URL asks for TLS, and this program cannot be told for certain to insist on it",
  unmet: (subject) => [
    ...unmetByAny(subject),
    ...(has(subject, "preserve-triggers") || triggersOf(subject).length === 0
      ? []
      : [`it has triggers (${triggersOf(subject).join(", ")}), and \`osc.args\` has no --preserve-triggers`]),
    ...(has(subject, "alter-foreign-keys-method")
      ? []
      : unmetByInbound(subject).map((why) => `${why}, and \`osc.args\` has no --alter-foreign-keys-method`)),
  ],
  settings: {},
  traces(database, table) {
    const prefix = `pt_osc_${database}_${table}`.replace(/\W/g, "_").slice(0, 60);
    return {
      work: new RegExp(`^_{0,9}${exactly(madeOf(table, "_new"))}$`),
      old: new RegExp(`^_{0,9}${exactly(madeOf(table, "_old"))}$`),
      trigger: new RegExp(`^${prefix}_(?:del|upd|ins)$`),
    };
  },
  resumes: false,
} satisfies Tool);

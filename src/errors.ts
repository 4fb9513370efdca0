import { rowsText } from "./plural.js";

/**
 * Every error that a person may meet: its code, its exit code and its prose, in one place.
 * Exit codes: 1 refused, 2 usage or input, 3 a database or step failed, 4 could not proceed yet.
 */
interface Prose {
  readonly exit: 1 | 2 | 3 | 4;
  /** What happened, one sentence. */
  readonly message: string;
  /** What to do next. */
  readonly help: string;
}

const at = (d: { file: string; line?: number; column?: number }): string =>
  d.line === undefined ? d.file : `${d.file}:${d.line}${d.column === undefined ? "" : `:${d.column}`}`;

/** Why a file cannot be read, and what to do. */
const UNREADABLE = {
  absent: ["does not exist.", "Check the path: a relative one is looked for in the working directory."],
  denied: ["cannot be read: this user may not.", "Give this user the right to read it, or run as one who has it."],
  folder: ["is a folder, not a file.", "Name a file in it."],
  other: ["cannot be read.", "Check the path and the disk that it is on."],
  unmatched: ["matches no file.", "Check the pattern: a relative one is looked for in the working directory."],
  elsewhere: [
    "is not one of the migrations folder.",
    "Name a file of that folder, or name its folder: --migrations, or `migrations` in zmigrate.config.",
  ],
} as const;

/** How many lines of a list an error shows. */
const LINES = 20;

function someLines(list: readonly string[]): string {
  const left = list.length - LINES;
  const lines = list.slice(0, LINES).map((line) => `  ${line}`);
  return [...lines, ...(left > 0 ? [`  and ${left} more`] : [])].join("\n");
}

/** What is wrong with one side is said of several rows: of one it is counted behind it. */
function mismatchesText(n: number, violation: string | undefined): string {
  if (violation === undefined) return `${rowsText(n, "differ")} between the old and the new side`;
  return n === 1 ? `Rows ${violation}: 1` : `${n} rows ${violation}`;
}

const PROSE = {
  // input
  /** Without a reason: it does not exist. */
  "file-not-found": (d: { file: string; why?: keyof typeof UNREADABLE }) => ({
    exit: 2,
    message: `${d.file} ${UNREADABLE[d.why ?? "absent"][0]}`,
    help: UNREADABLE[d.why ?? "absent"][1],
  }),
  "folder-not-found": (d: { folder: string }) => ({
    exit: 2,
    message: `The migrations folder ${d.folder} does not exist or is not a folder.`,
    help: "Run `zmigrate init`, or set `migrations` in zmigrate.config, or pass --migrations.",
  }),
  "bad-file-name": (d: { file: string }) => ({
    exit: 2,
    message: `${d.file} is not named <14 digits>_<slug>.sql or <14 digits>_<slug>.backfill.ts.`,
    help: "Rename it, or make it with `zmigrate new SLUG`; the digits are UTC YYYYMMDDHHMMSS.",
  }),
  "duplicate-id": (d: { id: string; files: readonly string[] }) => ({
    exit: 2,
    message: `Two migrations have the digits ${d.id}: ${d.files.join(" and ")}.`,
    help: "Give one of them new digits: they are a migration's identity.",
  }),
  "syntax-error": (d: { file: string; line: number; column: number; reason: string }) => ({
    exit: 2,
    message: `${at(d)}: ${d.reason}`,
    help: "Correct the SQL. Nothing was run.",
  }),
  "bad-directive": (d: { file: string; line: number; column: number; reason: string; help: string }) => ({
    exit: 2,
    message: `${at(d)}: ${d.reason}`,
    help: d.help,
  }),
  "edited-migration": (d: { file: string; id: string; appliedAt: string }) => ({
    exit: 2,
    message: `${d.file} was edited after it was applied (started ${d.appliedAt}).`,
    help: `Put the file back as it was and write the change as a new migration (\`zmigrate new SLUG\`); or take it back first: \`zmigrate rollback ${d.id}\`.`,
  }),
  "missing-migration": (d: { id: string; name: string; file: string }) => ({
    exit: 2,
    message: `Migration ${d.id} (${d.name}) is in the journal and not finished, but its file is missing: it was ${d.file}.`,
    help: `Put the file back, or take the migration back: \`zmigrate rollback ${d.id}\`.`,
  }),
  "baseline-begun": (d: { id: string; name: string; status: string }) => ({
    exit: 2,
    message: `Migration ${d.id} (${d.name}) is ${d.status}: zmigrate has begun it, so the database is between two schemas.`,
    help: `Finish it (\`zmigrate apply --contract\`) or take it back (\`zmigrate rollback ${d.id}\`), then run \`zmigrate baseline\` again.`,
  }),
  "baseline-differs": (d: { to: string; differences: readonly string[] }) => ({
    exit: 1,
    message: `The database differs from what the files up to ${d.to} make:\n${someLines(d.differences)}`,
    help: "Nothing was recorded. Name the last migration that the database really has (`--to`), or bring files and database together. Where they may differ: `--accept-differences --reason TEXT`, which the audit keeps.",
  }),
  "unknown-migration": (d: { id: string }) => ({
    exit: 2,
    message: `There is no migration ${d.id}.`,
    help: "`zmigrate status` lists the migrations; name one by its 14 digits.",
  }),
  "git-failed": (d: { reason: string; help: string }) => ({
    exit: 2,
    message: d.reason,
    help: d.help,
  }),
  "shadow-failed": (d: {
    file: string;
    line: number;
    column: number;
    shadow: string;
    reason: string;
    planned?: boolean;
  }) => ({
    exit: 2,
    message: `${at(d)}: ${d.shadow}, in which the history is replayed, refuses this statement: ${d.reason}.`,
    help:
      d.planned === true
        ? "The statement itself may be wrong: run it on a copy of the database. If it works there, plan from one (`--database-url`)."
        : "Give the folder its whole history, or plan from a database (`--database-url`).",
  }),
  usage: (d: { reason: string; help?: string }) => ({
    exit: 2,
    message: d.reason,
    help: d.help ?? "`zmigrate --help` lists the commands and their flags.",
  }),
  "rule-failed-later": (d: { rule: string; reason: string }) => ({
    exit: 2,
    message: `Your rule ${d.rule} started something that failed after its check had answered: ${d.reason}`,
    help: "Let the check read only what it is given, and answer at once: what it starts is not waited for, so it has judged nothing.",
  }),
  "backfill-code-failed-later": (d: { file: string; reason: string }) => ({
    exit: 3,
    message: `The code of ${d.file} started something that it did not wait for, and that failed: ${d.reason}`,
    help: "Let the code await what it starts, or catch its errors. Rows that were written stay; run `zmigrate apply` again to go on.",
  }),
  "ended-early": () => ({
    exit: 3,
    message: "The process was ended before the command was done.",
    help: "Code of yours that it runs (a backfill in TypeScript, a rule, the configuration) called process.exit, or awaits what never comes: correct it and run the command again.",
  }),
  "bad-config": (d: { file: string; reason: string }) => ({
    exit: 2,
    message: `${d.file}: ${d.reason}`,
    help: "Correct the configuration; `zmigrate init` writes one that works.",
  }),
  "bad-backfill": (d: { file: string; reason: string }) => ({
    exit: 2,
    message: `${d.file}: ${d.reason}`,
    help: "A backfill in TypeScript exports what `defineBackfill` of zmigrate returns: see docs/backfill.md. Nothing was run.",
  }),
  /** A source of the application's queries that holds none, or is no export. */
  "bad-queries": (d: { file: string; reason: string }) => ({
    exit: 2,
    message: `${d.file}: ${d.reason}.`,
    help: "Name a folder of .sql files, a glob, or an export as .csv or .json with a column `query` (pg_stat_statements) or `DIGEST_TEXT`.",
  }),
  "no-database-url": (_: Record<never, never>) => ({
    exit: 2,
    message: "No database is named.",
    help: "Pass --database-url, set DATABASE_URL, or set `databaseUrl` in zmigrate.config.",
  }),
  "bad-database-url": (d: {
    /** Never a part of the URL: any may be one of its password. */
    reason: string;
    /** `--database-url`, `DATABASE_URL`; left out where only the engine knows it. */
    origin?: string;
    what?: "database" | "replica" | "shadow";
  }) => ({
    exit: 2,
    message: `The ${d.what ?? "database"} URL${d.origin === undefined ? "" : ` of ${d.origin}`} is not usable: ${d.reason}.`,
    help: "Write postgres://user:password@host:5432/database, mysql://... or mariadb://... (special letters of the password as %XX). Nothing was done.",
  }),
  "already-exists": (d: { file: string }) => ({
    exit: 2,
    message: `${d.file} exists already.`,
    help: "It was left as it is. Remove it first if you want a new one.",
  }),
  // refused
  "plan-refused": (d: { file: string; line: number; column: number; reason: string; help: string }) => ({
    exit: 1,
    message: `${at(d)}: ${d.reason}`,
    help: d.help,
  }),
  "wait-timeout": (d: { late: string; phase: string; after: string }) => ({
    exit: 4,
    message: `After ${d.after} migration ${d.late}: its ${d.phase} is not done.`,
    help: "`zmigrate status` says what it waits for. To wait longer: --timeout.",
  }),
  "must-wait": (d: { file: string; line: number; column: number; reason: string; help: string }) => ({
    exit: 4,
    message: `${at(d)}: ${d.reason}`,
    help: d.help,
  }),
  "not-ours": (d: { migration: string; step: string; makes: string }) => ({
    exit: 3,
    message: `Step ${d.step} of migration ${d.migration} makes ${d.makes}, and there is one already: no run of zmigrate has made it.`,
    help: "See what it is. If nothing needs it, drop it or give it another name, and run `zmigrate apply` again; `zmigrate rollback` leaves it as it is.",
  }),
  "cannot-write-plan": (d: { file: string; reason: string }) => ({
    exit: 1,
    message: `${d.file} cannot be written in phases: ${d.reason}`,
    help: "The file is as it was. `zmigrate apply` runs the same steps without it.",
  }),
  // database
  "cannot-connect": (d: { target: string; reason: string }) => ({
    exit: 3,
    message: `Cannot connect to ${d.target}: ${d.reason}`,
    help: "Check that the server runs, the URL's host, port, database and user, and that this machine may reach it.",
  }),
  "replica-unusable": (d: { replica: string; why: string }) => ({
    exit: 3,
    message: `Replica ${d.replica} ${d.why}`,
    help: "Correct it, or leave it out: --replica-url, ZMIGRATE_REPLICA_URLS or `replicaUrls` names it. Nothing was changed.",
  }),
  "wrong-server": (d: { target: string; expected: string; found: string }) => ({
    exit: 2,
    message: `${d.target} is ${d.found}, not ${d.expected}.`,
    help: "Correct the URL or the configured engine.",
  }),
  "read-only-server": (d: { target: string; why: string }) => ({
    exit: 3,
    message: `${d.target} cannot be written: ${d.why}.`,
    help: "Point --database-url at the primary. Nothing was changed.",
  }),
  "pooled-session": (d: { target: string }) => ({
    exit: 3,
    message: `${d.target} is a pooler that gives each transaction another connection: the lock by which only one zmigrate runs, and a session's settings, do not last there.`,
    help: "Point --database-url at the server itself, or at a pool in session mode. Nothing was changed.",
  }),
  "missing-privilege": (d: {
    user: string;
    privilege: string;
    object: string;
    grant: string;
    /** What else is missing, as far as it is known by then. */
    also?: readonly { readonly privilege: string; readonly object: string; readonly grant: string }[];
  }) => ({
    exit: 3,
    message: `The role ${d.user} may not ${[d, ...(d.also ?? [])].map((m) => `${m.privilege} on ${m.object}`).join("; nor ")}.`,
    help: `Let an administrator run: ${[d, ...(d.also ?? [])].map((m) => m.grant).join("; ")}. Nothing was changed.`,
  }),
  "journal-denied": (d: {
    user: string;
    reason: string;
    grants: readonly string[];
    /** What to run where there is no journal yet and the server refuses to grant rights on tables that are not there. */
    grantUnbegun?: string;
  }) => ({
    exit: 3,
    message: `The role ${d.user} may not use zmigrate's journal, or look whether there is one: ${d.reason}.`,
    help: `Let an administrator run: ${d.grants.join("; ")}${d.grantUnbegun === undefined ? "" : `\n  Where the server says that there is no such table, nothing was begun yet. Then run instead: ${d.grantUnbegun}`}`,
  }),
  "permission-denied": (d: { user: string; target: string; reason: string }) => ({
    exit: 3,
    message: `The role ${d.user} may not do on ${d.target} what this command needs: ${d.reason.replace(/\.+$/, "")}.`,
    help: "Let an administrator grant what the server names here, or use a role that may. Then run the same command again.",
  }),
  "server-refused": (d: { target: string; reason: string }) => ({
    exit: 3,
    message: `${d.target} refused a statement of zmigrate's: ${d.reason}`,
    help: "Mend what the server names here and run the same command again. If there is nothing to mend, please report it with the command and its output.",
  }),
  "connection-lost": (d: { target: string; during: string }) => ({
    exit: 3,
    message: `The connection to ${d.target} was lost ${d.during}.`,
    help: "Run the same command again: it resumes from where it was.",
  }),
  "server-changed": (d: { target: string }) => ({
    exit: 3,
    message: `${d.target} is another server than the one this run began on.`,
    help: "Check which server is the primary, then run the same command again.",
  }),
  "step-failed": (d: {
    migration: string;
    step: string;
    reason: string;
    sql: string;
    /** Present, and true, where the step was being taken back. */
    undoing?: true;
  }) => ({
    exit: 3,
    message: `Migration ${d.migration}, step ${d.step}: ${d.reason}\n  ${d.sql}`,
    help: d.undoing
      ? `Mend the cause and run \`zmigrate rollback ${d.migration}\` again: it goes on with this step.`
      : "Mend the cause and run `zmigrate apply` again: it resumes at this step. Or `zmigrate rollback` the migration.",
  }),
  "throttle-unfit": (d: { signal: string; reason: string }) => ({
    exit: 2,
    message: `"throttle.${d.signal}" in the configuration: ${d.reason}.`,
    help: "Correct it: docs/backfill.md says what each signal takes. Nothing was changed.",
  }),
  "osc-unfit": (d: { tool: string; reason: string }) => ({
    exit: 2,
    message: `\`osc\` in the configuration names ${d.tool}: ${d.reason}.`,
    help: "Correct it, or leave `osc` out: what the server would copy is then refused.",
  }),
  "osc-missing": (d: { tool: string; path: string; get: string }) => ({
    exit: 2,
    message: `${d.tool} is not there: ${d.path} is no program that this user may run. Nothing was changed.`,
    help: `${d.get} Or name its file: \`path\` of \`osc\` in the configuration.`,
  }),
  "osc-another": (d: { step: string; tool: string; configured: string | null }) => ({
    exit: 2,
    message: `The step ${d.step} was planned for ${d.tool}, and the configuration ${d.configured === null ? "has no `osc`" : `names ${d.configured}`}.`,
    help: `Name ${d.tool} again. Or \`zmigrate rollback\` the migration, which drops what ${d.tool} has left, and apply it anew.`,
  }),
  "osc-refused": (d: { tool: string; table: string; reasons: readonly string[] }) => ({
    exit: 3,
    message: `${d.tool} cannot rebuild ${d.table}: ${d.reasons.join("; ")}. It was not started.`,
    help: "Mend that, or name another tool in `osc` of the configuration.",
  }),
  /** `kept`: the table as it was before the exchange is among them. */
  "osc-left": (d: { tool: string; table: string; found: readonly string[]; kept: boolean }) => ({
    exit: 3,
    message: d.kept
      ? `${d.table} is not what the migration asks for, and the table as it was is kept: ${d.found.join(", ")}.`
      : `${d.tool} would make what is there already, and no run of this migration has: ${d.found.join(", ")}.`,
    help: d.kept
      ? `Compare the two. Then give ${d.table} its former table back by RENAME TABLE, or drop that one, and run \`zmigrate apply\` again.`
      : "Another rebuild of this table may be under way, or have been cut off. See whose they are, and drop them when nobody needs them.",
  }),
  "osc-gone": (d: { tool: string; table: string; found: readonly string[] }) => ({
    exit: 3,
    message: `There is no ${d.table} any more, which ${d.tool} was to rebuild${d.found.length === 0 ? "" : `; there is ${d.found.join(", ")}`}.`,
    help: `Nothing more is dropped. ${d.found.length === 0 ? `Bring ${d.table} back` : `Look which of these has all rows, and give it the name back (RENAME TABLE ... TO ${d.table})`}; then run this again.`,
  }),
  "lock-timeout": (d: {
    migration: string;
    step: string;
    attempts: number;
    blockers: string;
    /** Present, and true, where the step was being taken back. */
    undoing?: true;
  }) => ({
    exit: 3,
    message: `Migration ${d.migration}, step ${d.step}: no lock after ${d.attempts} attempts. ${d.blockers}`,
    help: `Run \`zmigrate ${d.undoing ? `rollback ${d.migration}` : "apply"}\` again when the blocking session has ended. Other sessions were never queued for longer than the lock timeout.`,
  }),
  "backfill-failed": (d: {
    migration: string;
    step: string;
    reason: string;
    /** What mends it, as the beginning of a sentence; absent where the reason tells. */
    way?: string;
  }) => ({
    exit: 3,
    message: `Migration ${d.migration}, step ${d.step}: ${d.reason}`,
    help: `${d.way ?? "Mend the cause"} and run \`zmigrate apply\` again: the backfill goes on from its checkpoint.`,
  }),
  "verify-failed": (d: {
    migration: string;
    step: string;
    mismatches: number;
    examples: string;
    /** Statements to choose from where both sides hold something. */
    ways?: { readonly oldWins: string; readonly newWins: string };
    /** What is wrong where there are no two sides, and what to do about it. */
    violation?: { readonly rows: string; readonly help: string };
  }) => ({
    exit: 3,
    message: `Migration ${d.migration}, step ${d.step}: ${mismatchesText(d.mismatches, d.violation?.rows)}. ${d.examples}`,
    help:
      d.violation !== undefined
        ? `Nothing was contracted. ${d.violation.help}`
        : d.ways === undefined
          ? "Nothing was contracted. Find who writes these rows without the sync trigger, or writes both columns and not the same value; after mending, run `zmigrate apply` again."
          : `Nothing was contracted. Both sides hold something there: somebody wrote these rows without the sync trigger, or both columns and not the same value. Look at them, run one of these (in batches, if they are many), and then \`zmigrate apply\` again.\n  -- the old side wins:\n  ${d.ways.oldWins};\n  -- the new side wins:\n  ${d.ways.newWins};`,
  }),
  /** `deferrable`: the server has keys that are. */
  "no-key": (d: { relation: string; deferrable?: boolean }) => ({
    exit: 1,
    message: `${d.relation} has no primary key and no NOT NULL unique key${d.deferrable ? " that holds for every row at every moment" : ""}, to walk it in batches.`,
    help: `Add a primary key first${d.deferrable ? ", not DEFERRABLE" : ""}.`,
  }),
  "rows-violate": (d: { relation: string; constraint: string; count: string }) => ({
    exit: 1,
    message: `Rows of ${d.relation} violate ${d.constraint}, which is NOT VALID: an UPDATE of such a row fails, and a backfill's with it.`,
    help: `Count them: \`${d.count}\`. Mend them, or drop the constraint, and run this again. Nothing was changed.`,
  }),
  "rollback-impossible": (d: { id: string; reason: string; help?: string }) => ({
    exit: 1,
    message: `Migration ${d.id} cannot be rolled back: ${d.reason}`,
    help: d.help ?? "Write a new migration that brings back what is needed.",
  }),
  "table-gone": (d: {
    id: string;
    table: string;
    /** What gives its name back, where it stands under another one. */
    nameBack: string | null;
  }) => ({
    exit: 3,
    message: `Migration ${d.id} changes ${d.table}, which is gone${d.nameBack === null ? "" : ": it has another name by now"}. Nothing was changed.`,
    help:
      d.nameBack === null
        ? `Bring the table back and run the same command again. If it is gone for good, run \`zmigrate rollback ${d.id} --accept-loss\`, which counts what was made of it as undone, and remove the migration's file or what it says of the table.`
        : `Give it its name back: ${d.nameBack}; then run the same command again.`,
  }),
  "column-gone": (d: {
    id: string;
    table: string;
    column: string;
    replacement: string | null;
    /** What gives its name back, where it is known under another one. */
    nameBack: string | null;
  }) => ({
    exit: 3,
    message: `Migration ${d.id} changes the column ${d.column} of ${d.table}, which is gone: ${
      d.nameBack === null ? "somebody has dropped or renamed it" : "it has another name by now"
    }. Nothing was changed.`,
    help: `${
      d.nameBack === null
        ? "If it was renamed, give it its name back. If it was dropped, add it again with its type. Then"
        : `Give it its name back: ${d.nameBack} then`
    } run the same command again.${
      d.replacement === null || d.nameBack !== null
        ? ""
        : ` What it held may be in ${d.replacement} only, which \`zmigrate rollback ${d.id} --accept-loss\` drops.`
    }`,
  }),
  "new-column-gone": (d: {
    id: string;
    table: string;
    column: string;
    /** The column that holds all of its values. */
    kept: string;
    /** What gives its name back, where it is known under another one. */
    nameBack: string | null;
    /** After the swap: what makes the parked column the new one. */
    fromParked: string | null;
    /** Present, and true, after the swap of a column that is computed from the parked one: only a person can make it again. */
    computed?: boolean;
  }) => ({
    exit: 3,
    message: `Migration ${d.id} has made the column ${d.column} of ${d.table}, which is gone: ${
      d.nameBack === null ? "somebody has dropped or renamed it" : "it has another name by now"
    }. Nothing was changed.`,
    help: `${
      d.nameBack === null
        ? `If it was renamed, give it its name back, and run the same command again. If it was dropped: what it held is in ${d.kept}`
        : `Give it its name back: ${d.nameBack} then run the same command again. What it held is in ${d.kept}, too`
    }${
      d.computed === true
        ? ` only, which nothing drops as long as it is so: add ${d.column} again, fill it from there, and run the same command again.`
        : d.fromParked === null
          ? `${d.nameBack === null ? `; \`zmigrate rollback ${d.id} --accept-loss\` takes back the rest, and \`zmigrate apply\` begins anew` : ""}.`
          : d.nameBack === null
            ? ` only, which nothing drops as long as it is so. Run: ${d.fromParked} then \`zmigrate apply --contract --release NEXT --park 0\`, which finishes the migration. Look at the NOT NULL, the default and the indexes of ${d.column} after that.`
            : "."
    }`,
  }),
  "column-renamed": (d: {
    id: string;
    table: string;
    column: string;
    /** What gives its name back; several where the server does not tell which column it is. */
    nameBack: readonly string[];
    /** What adds one of its name, where it may have been dropped; null where it is known to be there. */
    again: string | null;
    /** What gives another name to the column that has its own by now; absent where none has. */
    aside?: string;
  }) => ({
    exit: 3,
    message: `Migration ${d.id} needs the column ${d.column} of ${d.table}, which ${d.again === null ? "has" : "is gone, or has"} another name by now. Nothing was changed.`,
    help:
      d.again === null
        ? d.aside === undefined
          ? `Give it its name back: ${d.nameBack.join(" ")} then run the same command again.`
          : `Another column has its name, which no trigger of the migration writes. Give both other names: ${d.aside} ${d.nameBack.join(" ")} then run the same command again.`
        : `If somebody has renamed it, give it its name back, and run the same command again: ${d.nameBack.join(" or ")} If it was dropped, add one in its place, which the migration's drop takes away: ${d.again}`,
  }),
  "column-another": (d: {
    id: string;
    table: string;
    column: string;
    /** The column that holds what it held at the swap. */
    parked: string;
    /** Rows that differ; null where they were not counted. */
    rows: number | null;
    /** Keys of some. */
    examples: readonly string[];
    /** The trigger that is missing; null where none is. */
    trigger: string | null;
    /** Makes the parked column the one that it was. */
    remake: readonly string[];
    /** Drops the parked column. */
    keep: readonly string[];
  }) => ({
    exit: 3,
    message: `The column ${d.column} of ${d.table} need not be the one that migration ${d.id} has made: ${
      d.trigger !== null
        ? `the trigger ${d.trigger}, by which ${d.parked} follows it, is gone or switched off`
        : d.rows === null
          ? `it stands behind ${d.parked}, as one does that was dropped and added again`
          : `${rowsText(d.rows)} hold something else than ${d.parked}, which follows it. Keys of some: ${d.examples.join(" | ")}`
    }. Nothing was changed.`,
    help: `What it held is in ${d.parked}, too, and may be there only: nothing drops that as long as it is so. If somebody has dropped ${d.column} and added it again, look at what was written to it since, and make the parked one it:${d.remake.map((sql) => `\n  ${sql};`).join("")}\nIf ${d.column} is right as it is, take the parked one away:${d.keep.map((sql) => `\n  ${sql};`).join("")}\nThen run \`zmigrate apply --contract --release NEXT --park 0\`, which finishes the migration. Look at the NOT NULL, the default and the indexes of ${d.column} after that.`,
  }),
  "trigger-gone": (d: {
    id: string;
    table: string;
    triggers: readonly string[];
    /** Statements that make them again, each with its end. */
    sql: readonly string[];
    /** After the swap: the columns that hold what was there before; else none. */
    parked: readonly string[];
  }) => ({
    exit: 3,
    message: `Migration ${d.id} keeps two sides of ${d.table} in step by triggers, of which ${d.triggers.join(", ")} ${d.triggers.length === 1 ? "is" : "are"} gone or switched off: what is written to one side does not reach the other. Nothing was changed.`,
    help: `${
      d.parked.length === 0
        ? `Run \`zmigrate rollback ${d.id}\`, which says what it would lose: the next \`zmigrate apply\` begins anew. Or make`
        : `What was there before the swap is in ${d.parked.join(", ")}, which nothing drops as long as it is so: if somebody has dropped and added a column again, take its values from there. Then make`
    } what is missing again, look at the rows that were written meanwhile, and run the same command again:\n${d.sql.join("\n")}`,
  }),
  "carried-gone": (d: {
    id: string;
    table: string;
    kind: "index" | "constraint";
    name: string;
    needed: "swap" | "back";
    sql: readonly string[];
  }) => ({
    exit: 3,
    message: `${d.needed === "swap" ? `The swap of migration ${d.id}` : `What takes back the swap of migration ${d.id}`} renames the ${d.kind} ${d.name} of ${d.table}, which is gone: somebody has dropped or renamed it. Nothing was changed.`,
    help: `If it was renamed, give it its name back. ${
      d.needed === "swap"
        ? `To do without it, run \`zmigrate rollback ${d.id}\`: the next \`zmigrate apply\` begins anew, from what is there by then.`
        : "To leave the swap as it is, run `zmigrate apply --contract`, which finishes the migration."
    } If it was dropped, make it again, and then run the same command again:${d.sql.map((sql) => `\n  ${sql};`).join("")}`,
  }),
  "carried-other": (d: {
    id: string;
    table: string;
    kind: "index" | "constraint";
    name: string;
    twin: string;
    needed: "swap" | "back";
  }) => ({
    exit: 3,
    message: `The ${d.kind} ${d.name} of ${d.table} is not made as ${d.twin}, with which ${d.needed === "swap" ? `the swap of migration ${d.id}` : `what takes back the swap of migration ${d.id}`} exchanges it: somebody has made it anew. Nothing was changed.`,
    help:
      d.needed === "swap"
        ? `Run \`zmigrate rollback ${d.id}\`: the next \`zmigrate apply\` begins anew, and carries over what is there by then.`
        : `Make ${d.twin} like it, and run this again; or leave the swap as it is: \`zmigrate apply --contract\` finishes the migration.`,
  }),
  "carried-added": (d: {
    id: string;
    table: string;
    column: string;
    kind: "index" | "constraint" | "foreign key" | "generated column";
    name: string;
    /** Present, and true, where beginning anew does not carry it over. */
    waits?: boolean;
  }) => ({
    exit: 3,
    message: `The ${d.kind} ${d.name} of ${d.table} names the column ${d.column} and has come since migration ${d.id} was planned: ${d.waits === true ? "its contract would fail for it, or" : "the swap would"} leave it on the column that goes. Nothing was changed.`,
    help:
      d.waits === true
        ? "Drop it (where a migration has made it, by `zmigrate rollback`), and make it in a migration of its own, which waits for this one."
        : `Run \`zmigrate rollback ${d.id}\`: the next \`zmigrate apply\` begins anew, and carries it over. Or drop it, and make it in a migration of its own.`,
  }),
  "undo-in-way": (d: {
    id: string;
    table: string;
    column: string;
    kind: "index" | "constraint" | "foreign key" | "generated column";
    name: string;
  }) => ({
    exit: 3,
    message: `The ${d.kind} ${d.name} uses ${d.column} of ${d.table}, and has come since migration ${d.id} was planned: what takes that back would fail for it halfway. Nothing was undone.`,
    help: "Drop it (where a migration has made it, by `zmigrate rollback`), run this again, and make it anew on the old name if it is to stay.",
  }),
  "undo-held": (d: {
    id: string;
    /** What would be taken away, and what is built on it. */
    holders: readonly { readonly user: string; readonly used: string }[];
    /** Columns that go, by their table, with the ones that stay and the names that those have by then. */
    columns: readonly { readonly column: string; readonly stays: string; readonly as: string }[];
    /** A rollback has undone a part of it already. */
    begun: boolean;
  }) => ({
    exit: 3,
    message: `A rollback of migration ${d.id} takes away what is in use, and the server would refuse that halfway: ${d.holders.map((h) => `${h.user} uses ${h.used}`).join("; ")}. ${d.begun ? "The rollback was begun before; nothing more of it was undone." : "Nothing was undone."}`,
    help: `Drop each of these (where a migration has made it, by \`zmigrate rollback\`), or make it anew without what goes${d.columns
      .map(
        ({ column, stays, as }) =>
          `: over ${stays} in the place of ${column}${stays === as ? "" : ` (the rollback calls it ${as} again, and what names it follows)`}`,
      )
      .join(
        ", ",
      )}. Then run \`zmigrate rollback ${d.id}\` again${d.begun ? ", which finishes it; `zmigrate apply` begins the migration anew behind that" : ""}.`,
  }),
  "columns-kept": (d: {
    id: string;
    table: string;
    /** What is in the way: an index (over a virtual column), a FULLTEXT index, a storage engine, a UNIQUE key of hashes, a default. */
    kind: "index" | "fulltext-index" | "sequence-default" | "storage-engine" | "unique-hash";
    name: string;
    column: string | null;
    /** What takes it out of the way; null for a storage engine. */
    drop: string | null;
    step: string;
    undoing: boolean;
  }) => ({
    exit: 3,
    message:
      d.kind === "sequence-default"
        ? `Migration ${d.id}, step ${d.step}: ${d.table}.${d.name} takes its default from a sequence by now, and this server alters no such table while it is locked, as it is there. Nothing was ${d.undoing ? "undone" : "changed"}.`
        : `Migration ${d.id}, step ${d.step}: ${
            d.kind === "storage-engine"
              ? `${d.table} is a table of the engine ${d.name} by now`
              : d.kind === "unique-hash"
                ? `${d.table} has the UNIQUE key ${d.name}, of which this server keeps hashes`
                : `${d.table} has the ${d.kind === "index" ? "index" : "FULLTEXT index"} ${d.name}${d.column === null ? "" : ` over the virtual column ${d.column}`}`
          }, and this server then ${d.kind === "unique-hash" ? "changes nothing of it" : d.undoing ? "takes no column away" : "drops no column, and makes none NOT NULL,"} without copying the table while writes wait. Nothing was ${d.undoing ? "undone" : "changed"}.`,
    help: `${
      d.drop === null
        ? "Move it back to InnoDB,"
        : `Drop the ${d.kind === "sequence-default" ? "default" : "index"}: ${d.drop};`
    } run \`zmigrate ${d.undoing ? `rollback ${d.id}` : "apply --contract"}\` again${d.drop === null ? "." : `, and make the ${d.kind === "unique-hash" ? "key" : d.kind === "sequence-default" ? "default" : "index"} anew when that is done.`}`,
  }),
  "rollback-loses": (d: {
    id: string;
    relation: string;
    kept: string;
    lost: string;
    mismatches: number;
    examples: readonly string[];
    update: string;
  }) => ({
    exit: 3,
    message: `Rolling back migration ${d.id} would lose what only ${d.lost} holds in ${rowsText(d.mismatches)} of ${d.relation}: ${d.kept}, which stays, differs there. Keys of some: ${d.examples.join(" | ")}. Nothing was undone.`,
    help: `Look at these rows. To keep what ${d.lost} holds, make them equal (in batches, if they are many), and run this again; to lose it, pass --accept-loss.\n  ${d.update};`,
  }),
  "rollback-takes": (d: {
    id: string;
    relation: string;
    column: string;
    /** Null where the table has no key to count them by. */
    rows: number | null;
    /** The column stays, and what it was does not hold these values. */
    stays?: boolean;
    examples: readonly string[];
  }) => ({
    exit: 3,
    message: `Rolling back migration ${d.id} would ${d.stays === true ? `lose what was written to ${d.column} of ${d.relation} since, and what it was before does not hold,` : `drop ${d.column} of ${d.relation}, which it added, with what was written there`} in ${d.rows === null ? "some rows" : rowsText(d.rows)}.${d.examples.length === 0 ? "" : ` Keys of some: ${d.examples.join(" | ")}.`} Nothing was undone.`,
    help: "Keep the values elsewhere, if they are needed; to lose them, pass --accept-loss.",
  }),
  "rollback-violates": (d: {
    id: string;
    /** Null where the table has no key to count them by. */
    rows: number | null;
    /** `of public.t hold NULL in c` */
    what: string;
    examples: readonly string[];
    help: string;
  }) => ({
    exit: 3,
    message: `Rolling back migration ${d.id} would make strict again what it let go, and ${d.rows === null ? "some rows" : rowsText(d.rows)} ${d.what}.${d.examples.length === 0 ? "" : ` Keys of some: ${d.examples.join(" | ")}.`} Nothing was undone.`,
    help: d.help,
  }),
  "rollback-drops": (d: { id: string; table: string }) => ({
    exit: 3,
    message: `Rolling back migration ${d.id} would drop ${d.table}, which it made and which holds rows. Nothing was undone.`,
    help: "Keep the rows elsewhere, if they are needed; to lose them, pass --accept-loss.",
  }),
  "journal-newer": (d: { found: number; known: number }) => ({
    exit: 3,
    message: `The journal has version ${d.found}; this zmigrate knows ${d.known}.`,
    help: "Use the newer zmigrate that wrote it. Nothing was changed.",
  }),
  // could not proceed yet
  "rollback-halfway": (d: { id: string; waiting: readonly { readonly id: string; readonly name: string }[] }) => ({
    exit: 4,
    message: `The swap of migration ${d.id} is taken back, and both names of what it renames are in use again. What ${d.waiting.map((w) => `${w.id} (${w.name})`).join(", ")} has made for the new ones goes before the rest.`,
    help: `Run ${d.waiting
      .toReversed()
      .map((w) => `\`zmigrate rollback ${w.id}\``)
      .join(", ")}, then \`zmigrate rollback ${d.id}\` again, which finishes it.`,
  }),
  "runner-locked": (d: { holder: string; waitedMs: number }) => ({
    exit: 4,
    message: `Another zmigrate runs on this database: ${d.holder}. Waited ${Math.round(d.waitedMs / 1000)} s.`,
    help: "Wait for it and run this again, or raise --lock-wait.",
  }),
  "journal-locked": (d: { reason: string }) => ({
    exit: 4,
    message: `Another session holds rows of the journal, which only zmigrate writes: ${d.reason}.`,
    help: "Most likely a run that was cut off and whose session the server has not given up yet. Run the same command again.",
  }),
  "gates-closed": (d: { migrations: readonly string[] }) => ({
    exit: 4,
    message: `Contract was required, but gates are closed for ${d.migrations.join(", ")}.`,
    help: "`zmigrate status` says which gates and why. Run this again when they are open.",
  }),
  "rolled-back-meanwhile": (d: { id: string }) => ({
    exit: 4,
    message: `Migration ${d.id} was rolled back while this run waited for another one. Nothing was begun.`,
    help: "Remove its file; or run `zmigrate apply` again, which begins it anew.",
  }),
  "backfill-scans": (d: { migration: string; step: string; relation: string; rows: number; how: string }) => ({
    exit: 3,
    message: `The backfill of migration ${d.migration}, step ${d.step}, would read all of ${d.relation} (about ${d.rows} rows) for each batch: the server's plan is ${d.how} in the place of the key. Nothing of it was written.`,
    help: `Run \`ANALYZE\` on ${d.relation}, look at the optimizer's settings of this role and database, and run \`zmigrate apply\` again; or name another key: \`-- zmigrate:batch key=COLUMN\`.`,
  }),
  "backfill-cancelled": (d: { id: string; by: string }) => ({
    exit: 4,
    message: `The backfill of migration ${d.id} was cancelled ${d.by}. Its checkpoint is saved.`,
    help: `\`zmigrate resume ${d.id}\` and \`zmigrate apply\` go on with it; \`zmigrate rollback ${d.id}\` takes the migration back.`,
  }),
  "throttled-too-long": (d: { reason: string; budgetMs: number }) => ({
    exit: 4,
    message: `The backfill was paused for more than ${Math.round(d.budgetMs / 1000)} s: ${d.reason}. Its checkpoint is saved.`,
    help: "Run `zmigrate apply` again when the cause is gone: it goes on from the checkpoint.",
  }),
  // ours
  "output-failed": (d: { reason: string }) => ({
    exit: 3,
    message: `The output cannot be written: ${d.reason}.`,
    help: "Make room where it goes, or send it elsewhere. `zmigrate status` says what was done.",
  }),
  "not-available": (d: { what: string; help: string }) => ({ exit: 2, message: d.what, help: d.help }),
  "demo-failed": (d: { command: string; code: number | null; expected: number }) => ({
    exit: 3,
    message: `\`${d.command}\` ended with exit code ${d.code ?? "none"}, where the demo expects ${d.expected}.`,
    help: "Its own message stands above. If it is a defect, please report it with the output.",
  }),
  internal: (d: { reason: string }) => ({
    exit: 3,
    message: `zmigrate has a defect: ${d.reason}`,
    help: "Please report it with the command and its output.",
  }),
} satisfies Record<string, (data: never) => Prose>;

export type ErrorCode = keyof typeof PROSE;
export type ErrorData<C extends ErrorCode> = Parameters<(typeof PROSE)[C]>[0];

const BRAND = Symbol.for("zmigrate.ZmigrateError");

/**
 * The one error class that commands throw. `message` is a sentence for people, `help` says what to do next,
 * `code` and `data` are for programs and tests.
 *
 * @example
 * throw new ZmigrateError("file-not-found", { file: "migrations/x.sql" }, { cause: error });
 */
export class ZmigrateError<C extends ErrorCode = ErrorCode> extends Error {
  /** The command line's bundle has a copy of this class: each knows the other's errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  readonly [BRAND] = true;
  override readonly name = "ZmigrateError";
  readonly code: C;
  readonly data: ErrorData<C>;
  readonly help: string;
  readonly exitCode: 1 | 2 | 3 | 4;

  constructor(code: C, data: ErrorData<C>, options?: { cause?: unknown }) {
    const prose = (PROSE[code] as unknown as (data: ErrorData<C>) => Prose)(data);
    super(prose.message, options);
    this.code = code;
    this.data = data;
    this.help = prose.help;
    this.exitCode = prose.exit;
  }
}

/** True for an error of this code. */
export function isError<C extends ErrorCode>(error: unknown, code: C): error is ZmigrateError<C> {
  return error instanceof ZmigrateError && error.code === code;
}

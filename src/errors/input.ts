import { at, type Prose } from "./prose.js";

/** Why a file cannot be read, and what to do. */
const UNREADABLE = {
  absent: ["does not exist.", "Check the path: a relative one is looked for in the working directory."],
  denied: ["cannot be read: this user may not.", "Give this user the right to read it, or run as one who has it."],
  folder: ["is a folder, not a file.", "Name a file in it."],
  "folder-named-so": [
    "is a folder, and is named as a migration is: nothing in it would run.",
    "Put the file in its place, or give the folder another name.",
  ],
  special: ["is no ordinary file, and reading it may never end.", "Put a file in its place."],
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

/** What is wrong with what a person gave: files, flags, configuration, their own code. */
export const INPUT = {
  /** Without a reason: it does not exist. */
  "file-not-found": (d: { file: string; why?: keyof typeof UNREADABLE }) => ({
    exit: 2,
    message: `${d.file} ${UNREADABLE[d.why ?? "absent"][0]}`,
    help: UNREADABLE[d.why ?? "absent"][1],
  }),
  "folder-not-found": (d: { folder: string; why?: "denied" }) => ({
    exit: 2,
    message: `The migrations folder ${d.folder} ${d.why === "denied" ? UNREADABLE.denied[0] : "does not exist or is not a folder."}`,
    help:
      d.why === "denied"
        ? UNREADABLE.denied[1]
        : "Run `zmigrate init`, or set `migrations` in zmigrate.config, or pass --migrations.",
  }),
  "migrations-below": (d: { folder: string; file: string }) => ({
    exit: 2,
    message: `${d.folder} holds no migration, and ${d.file} stands in a folder below it, where none is looked for.`,
    help: `If another tool runs these, \`zmigrate import ${d.folder} --migrations NEW\` makes migrations of them in the folder NEW; else name the right folder with --migrations.`,
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
  "duplicate-version": (d: { files: readonly string[] }) => ({
    exit: 2,
    message: `Two migrations have one version: ${d.files.join(" and ")}.`,
    help: "Flyway refuses them together. Name the folder of one database, or give one of them another version.",
  }),
  "no-migrations": (d: { folder: string; files: readonly string[] }) => ({
    exit: 2,
    message: `No migration was found in ${d.folder}, though SQL stands in it:\n${someLines(d.files)}`,
    help: "Name the folder in which the migrations stand, as their tool is told, or the files themselves.",
  }),
  "syntax-error": (d: { file: string; line: number; column: number; reason: string; readAs?: string }) => ({
    exit: 2,
    message: `${at(d)}: ${d.reason}`,
    help: `Correct the SQL. Nothing was run.${d.readAs === undefined ? "" : ` It was read as that of ${d.readAs}: where it is written for another engine and no database URL tells so, name that with --engine.`}`,
  }),
  "bad-directive": (d: { file: string; line: number; column: number; reason: string; help: string }) => ({
    exit: 2,
    message: `${at(d)}: ${d.reason}`,
    help: d.help,
  }),
  "edited-migration": (d: { file: string; id: string; appliedAt: string; finished?: boolean }) => ({
    exit: 2,
    message: `${d.file} was edited after it was applied (started ${d.appliedAt}).`,
    help: `Put the file back as it was and write the change as a new migration (\`zmigrate new SLUG\`)${d.finished === true ? "" : `; or take it back first: \`zmigrate rollback ${d.id}\``}. If the edit changes nothing that was done: \`zmigrate repair ${d.id} --reason TEXT\`.`,
  }),
  "missing-migration": (d: { id: string; name: string; file: string }) => ({
    exit: 2,
    message: `Migration ${d.id} (${d.name}) is in the journal and not finished, but its file is missing: it was ${d.file}.`,
    help: `Put the file back, or take the migration back, as when the application goes back to a release before it: \`zmigrate rollback ${d.id}\`. To go on without it: \`zmigrate repair ${d.id} --reason TEXT\`; its swap waits then until somebody accepts \`later-release\`.`,
  }),
  "cannot-repair": (d: { id: string; file: string }) => ({
    exit: 1,
    message: `Migration ${d.id} cannot go on without its file ${d.file}: the code that its backfill runs stands there.`,
    help: `Put the file back, or take the migration back: \`zmigrate rollback ${d.id}\`.`,
  }),
  "baseline-begun": (d: { id: string; name: string; status: string }) => ({
    exit: 2,
    message: `Migration ${d.id} (${d.name}) is ${d.status}: zmigrate has begun it, so the database is between two schemas.`,
    help: `Finish it (\`zmigrate apply --contract\`) or take it back (\`zmigrate rollback ${d.id}\`), then run \`zmigrate baseline\` again.`,
  }),
  "baseline-forgets": (d: { tool: string; to: string | null; ids: readonly string[] }) => ({
    exit: 1,
    message: `By its table here ${d.tool} has run ${d.to === null ? "none of these files" : `nothing behind ${d.to}`}, and the journal has more of them as done: ${d.ids.join(", ")}. \`apply\` would run them again.`,
    help: `Nothing was recorded. Where that table is empty, or another database's, mend it. Where ${d.tool} has really taken them back: ${d.to === null ? "" : `\`zmigrate baseline --to ${d.to}\`, or `}\`--accept-differences --reason TEXT\`, which the audit keeps.`,
  }),
  "baseline-differs": (d: { to: string; differences: readonly string[] }) => ({
    exit: 1,
    message: `The database differs from what the files up to ${d.to} make:\n${someLines(d.differences)}`,
    help: "Nothing was recorded. Name the last migration that the database really has (`--to`), or bring files and database together. Where they may differ: `--accept-differences --reason TEXT`, which the audit keeps.",
  }),
  /** Without a tool that was found: the folder is none that is known. */
  "unknown-tool": (d: { folder: string; found: string | null; tools: readonly string[] }) => ({
    exit: 2,
    message: `${d.folder} is a folder of ${d.found ?? "no tool that is known"}, and it is not known how that keeps what has run.`,
    help: `Say whose it is: --from ${d.tools.join(", ")}. Of any other tool: a dump is the first file, or name the last migration by hand (\`zmigrate baseline --to ID\`); docs/adopting.md tells how.`,
  }),
  "import-code": (d: { places: readonly string[] }) => ({
    exit: 2,
    message: `These migrations are code, and what they run is not known from it:\n${someLines(d.places)}`,
    help: 'Nothing was written. Make a dump of the schema the first file instead: docs/adopting.md, "From a tool whose migrations are not SQL".',
  }),
  "import-placeholders": (d: { tool: string; places: readonly string[]; leaveOff: string }) => ({
    exit: 2,
    message: `${d.tool} replaces these when it runs the files, and by what is not known from them:\n${someLines(d.places)}`,
    help: `Nothing was written. Write the values into the files. ${d.leaveOff}`,
  }),
  /** `from`: the tool that the file says it was imported from. */
  "not-of-tool": (d: { file: string; tool: string; from?: string }) => ({
    exit: 2,
    message: `${d.file} is no migration of ${d.tool}${d.from === undefined ? ": its name has no version" : `: it was imported from ${d.from}`}.`,
    help:
      d.from === undefined
        ? "Name the tool that has run it, or take the file out of the folder."
        : `Use --from ${d.from}.`,
  }),
  /** `schemas`: those that have a table of that name each. */
  "no-former-table": (d: { tool: string; table: string; target: string; schemas: readonly string[] }) => ({
    exit: 2,
    message:
      d.schemas.length === 0
        ? `${d.target} has no table ${d.table}, in which ${d.tool} keeps what it has run.`
        : `${d.target} has a table ${d.table} of ${d.tool} in each of the schemas ${d.schemas.join(", ")}, and none in the default one.`,
    help: "Name the right database and tool, or the last migration that the database has: `zmigrate baseline --to ID`.",
  }),
  "former-unreadable": (d: { tool: string; table: string; reason: string }) => ({
    exit: 2,
    message: `The table ${d.table}, or what the files say of its versions, is not as ${d.tool} makes it: ${d.reason}.`,
    help: "Nothing was recorded. Name the right tool, or the last migration that the database has: `zmigrate baseline --to ID`.",
  }),
  "former-unfinished": (d: { tool: string; table: string; versions: readonly string[] }) => ({
    exit: 1,
    message: `${d.tool} has begun ${d.versions.join(", ")} and not finished it (${d.table}): half of it may be in the database.`,
    help: `Nothing was recorded. Finish it or take it back with ${d.tool}, then run the same command again.`,
  }),
  "former-unknown": (d: { tool: string; table: string; versions: readonly string[] }) => ({
    exit: 1,
    message: `${d.tool} has run what is no file of the migrations folder (${d.table}):\n${someLines(d.versions)}`,
    help: "Nothing was recorded. Bring the missing files into the folder, or record without asking that table: `zmigrate baseline --to ID`.",
  }),
  "former-gap": (d: {
    tool: string;
    table: string;
    missing: readonly string[];
    last: string;
    moves: readonly { readonly from: string; readonly to: string }[];
  }) => ({
    exit: 1,
    message: `${d.tool} has run ${d.last}, but not what stands before it (${d.table}):\n${someLines(d.missing)}`,
    help: `Nothing was recorded. Run these with ${d.tool} first; or, where they have yet to run behind it, give them digits behind it, in the migrations folder, and run this again:${d.moves.map(({ from, to }) => `\n  mv ${from} ${to}`).join("")}`,
  }),
  "import-target": (d: { folder: string; same: boolean }) => ({
    exit: 2,
    message: d.same
      ? `${d.folder} is both the folder to import and the one to write to.`
      : `${d.folder} has migrations already, and imported ones come before all others.`,
    help: "Nothing was written. Name a new folder for them: `--migrations db/migrations`, and `migrations` in zmigrate.config.",
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
  "throttle-unfit": (d: { signal: string; reason: string }) => ({
    exit: 2,
    message: `"throttle.${d.signal}" in the configuration: ${d.reason}.`,
    help: "Correct it: docs/backfill.md says what each signal takes. Nothing was changed.",
  }),
  "already-exists": (d: { file: string }) => ({
    exit: 2,
    message: `${d.file} exists already.`,
    help: "It was left as it is. Remove it first if you want a new one.",
  }),
  "not-available": (d: { what: string; help: string }) => ({ exit: 2, message: d.what, help: d.help }),
} satisfies Record<string, (data: never) => Prose>;

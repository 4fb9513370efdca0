import type { Prose } from "./prose.js";

/** A name as SQL has it. */
const named = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What is wrong with a server, the way to it, or the rights of a role there. */
export const SERVER = {
  /** `refused`: a server answers there, and it takes neither this user nor this database. */
  "cannot-connect": (d: { target: string; reason: string; refused?: boolean }) => ({
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
  "no-standby": (d: { target: string; why: string }) => ({
    exit: 3,
    message: `Every COMMIT on ${d.target} waits for a synchronous standby that is not there: ${d.why}.`,
    help: "Bring the standby back, or change synchronous_standby_names; writes of the application wait, too. Nothing was changed.",
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
  "server-refused": (d: { target: string; reason: string; way?: string }) => ({
    exit: 3,
    message: `${d.target} refused a statement of zmigrate's: ${d.reason}`,
    help:
      d.way !== undefined
        ? `${d.way}, then run the same command again.`
        : "Mend what the server names here and run the same command again. If there is nothing to mend, please report it with the command and its output.",
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
  "journal-newer": (d: { found: number; known: number }) => ({
    exit: 3,
    message: `The journal has version ${d.found}; this zmigrate knows ${d.known}.`,
    help: "Use the newer zmigrate that wrote it. Nothing was changed.",
  }),
  "journal-elsewhere": (d: {
    target: string;
    /** The schema that the journal is about. */
    recorded: string;
    /** The one that names without a schema mean here; null where there is none. */
    found: string | null;
  }) => ({
    exit: 3,
    message: `The journal of ${d.target} is about the schema ${named(d.recorded)}, and here names without a schema mean ${d.found === null ? "none: search_path names no schema that is there" : named(d.found)}. What the journal calls done was done in ${named(d.recorded)}.`,
    help: `For ${named(d.recorded)}, set search_path back: in the URL (?options=-c%20search_path%3D${encodeURIComponent(d.recorded)}), or with ALTER ROLE ... SET search_path. A database has one journal: another schema to migrate needs a database of its own.${
      d.found === null
        ? ""
        : ` Where ${named(d.found)} is what ${named(d.recorded)} was and has its tables, or a migration has made it and it is meant from now on, say so: UPDATE zmigrate.meta SET value = '${d.found.replaceAll("'", "''")}' WHERE name = 'schema'.`
    } Nothing was changed.`,
  }),
  "journal-damaged": (d: { table: string; row: string; reason: string }) => ({
    exit: 3,
    message: `The row ${d.row} of the journal's table ${d.table} was changed by something else than zmigrate: ${d.reason}.`,
    help: "Put back what stood there, from a backup or by an UPDATE (PostgreSQL: the tables of the schema zmigrate; MySQL and MariaDB: those named zmigrate_...); `zmigrate history` says what was done. Nothing was changed.",
  }),
} satisfies Record<string, (data: never) => Prose>;

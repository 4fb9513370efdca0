import { at, type Prose } from "./prose.js";
import { verifyFailed } from "./verify-failed.js";

/** What became of a constraint that rows violate, and by which their every UPDATE failed. */
function letGoText({ letGo, stays }: { readonly letGo?: string; readonly stays?: string }): string {
  if (letGo !== undefined) return `What ${letGo} has made was taken away again, so that it stops no write. `;
  return stays === undefined ? "" : `What was made for it is still there, and may stop writes (${stays}). `;
}

/** What stops a plan, a step or a backfill. */
export const STEP = {
  "plan-refused": (d: { file: string; line: number; column: number; reason: string; help: string }) => ({
    exit: 1,
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
  "step-failed": (d: {
    migration: string;
    step: string;
    reason: string;
    sql: string;
    /** When to try again, as the end of a sentence, where there is nothing to mend. */
    when?: string;
    /** Present, and true, where the step was being taken back. */
    undoing?: true;
    /** The step that made what stood in the way of writes, and which was taken back; absent where none was. */
    letGo?: string;
    /** Why that could not be taken back; absent where it was, or nothing was to be. */
    stays?: string;
  }) => ({
    exit: 3,
    message: `Migration ${d.migration}, step ${d.step}: ${d.reason}\n  ${d.sql}`,
    help: `${letGoText(d)}${d.when === undefined ? "Mend the cause and run" : "Run"} \`zmigrate ${d.undoing ? `rollback ${d.migration}` : "apply"}\` again${d.when === undefined ? "" : ` ${d.when}`}: it ${d.undoing ? "goes on with" : "resumes at"} ${d.letGo === undefined ? "this step" : d.letGo}.${d.undoing ? "" : " Or `zmigrate rollback` the migration."}`,
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
  "backfill-scans": (d: { migration: string; step: string; relation: string; rows: number; how: string }) => ({
    exit: 3,
    message: `The backfill of migration ${d.migration}, step ${d.step}, would read whole tables for each batch of ${d.relation} (about ${d.rows} rows): the server's plan is ${d.how} in the place of the key. Nothing of it was written.`,
    help: `Run \`ANALYZE\` on ${d.relation}, look at the optimizer's settings of this role and database, and run \`zmigrate apply\` again; or name another key: \`-- zmigrate:batch key=COLUMN\`.`,
  }),
  "verify-failed": verifyFailed,
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
} satisfies Record<string, (data: never) => Prose>;

import { at, type Prose } from "./prose.js";

/** What cannot go on yet: running the same command again, later, helps. */
export const WAITING = {
  "wait-timeout": (d: { late: string; phase: string; after: string }) => ({
    exit: 4,
    message: `After ${d.after} migration ${d.late}: its ${d.phase} is not done.`,
    help: "`zmigrate status` says what it waits for. To wait longer: --timeout.",
  }),
  "no-server-yet": (d: { after: string; reason: string }) => ({
    exit: 4,
    message: `After ${d.after} no server answers: ${d.reason}`,
    help: "See that it runs and that the URL is right. To wait longer: --timeout.",
  }),
  "must-wait": (d: { file: string; line: number; column: number; reason: string; help: string }) => ({
    exit: 4,
    message: `${at(d)}: ${d.reason}`,
    help: d.help,
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
    help: "`zmigrate status` says which gates and why. Run this again when they are open. A run that ends so rolls no release out: the deploy that brings the code runs without --require-contract.",
  }),
  "rolled-back-meanwhile": (d: { id: string }) => ({
    exit: 4,
    message: `Migration ${d.id} was rolled back while this run waited for another one. Nothing was begun.`,
    help: "Remove its file; or run `zmigrate apply` again, which begins it anew.",
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
} satisfies Record<string, (data: never) => Prose>;

import type { CommandSpec } from "./command.js";

/** A command as `zmigrate --help` lists it; its module is loaded only when it is the one that runs. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<{ readonly command: CommandSpec }>;
}

/** The commands, in the order in which a person meets them. */
export const COMMANDS: readonly CommandEntry[] = Object.freeze([
  { name: "init", summary: "write a configuration and a migrations folder", load: () => import("./init.js") },
  { name: "new", summary: "create an empty migration file", load: () => import("./new.js") },
  {
    name: "lint",
    summary: "say what is dangerous in migration files, without a database",
    load: () => import("./lint.js"),
  },
  {
    name: "import",
    summary: "make migrations of those of another tool",
    load: () => import("./import.js"),
  },
  {
    name: "baseline",
    summary: "record what a database has already, without running it",
    load: () => import("./baseline.js"),
  },
  { name: "plan", summary: "show what would run, in which deploy, with which locks", load: () => import("./plan.js") },
  {
    name: "apply",
    summary: "move every migration as far as is safe; run it before each rollout",
    load: () => import("./apply.js"),
  },
  {
    name: "status",
    summary: "say how every migration stands and what it waits for",
    load: () => import("./status.js"),
  },
  {
    name: "gates",
    summary: "ask the gates of a migration's next contract stage, each with its evidence",
    load: () => import("./gates.js"),
  },
  {
    name: "wait",
    summary: "wait until a phase of the migrations is done; for init containers and start scripts",
    load: () => import("./wait.js"),
  },
  {
    name: "doctor",
    summary: "say what the server, the role and the folder lack for migrations, and what to grant",
    load: () => import("./doctor.js"),
  },
  { name: "history", summary: "say who did what, and when", load: () => import("./history.js") },
  { name: "verify", summary: "compare old and new sides row by row", load: () => import("./verify.js") },
  {
    name: "rollback",
    summary: "take a migration back, until its old side is dropped",
    load: () => import("./rollback.js"),
  },
  {
    name: "repair",
    summary: "take the file of a migration that was begun as it is now, with the reason why",
    load: () => import("./repair.js"),
  },
  { name: "pause", summary: "have a running backfill wait", load: () => import("./pause.js") },
  { name: "resume", summary: "have it go on, at another pace if you like", load: () => import("./resume.js") },
  {
    name: "cancel",
    summary: "end the run that a backfill is in, and keep its place",
    load: () => import("./cancel.js"),
  },
  { name: "explain", summary: "explain a lint rule with examples", load: () => import("./explain.js") },
  {
    name: "demo",
    summary: "play a migration on an embedded PostgreSQL while old and new code write",
    load: () => import("./demo.js"),
  },
]);

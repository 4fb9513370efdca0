import { duration } from "../../files/duration.js";
import type { Blocker, RunEvent } from "../../model/event.js";
import { type GateResult, isPassed } from "../../model/gate.js";
import { nameOfHolder } from "../../model/holder.js";
import { count, countRows, differing, indent, nothingLeft, skippedText } from "../format.js";
import { printableLine } from "../lint/printable.js";

/** Paints parts of a line; plain off a terminal. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly red: (text: string) => string;
}

const mark = (gate: GateResult, paint: Paint) =>
  gate.state === "open" ? paint.green("open   ") : paint.yellow(gate.state.padEnd(7));

const because = ({ accepted }: GateResult): string =>
  accepted === undefined ? "" : ` (accepted: ${printableLine(accepted)})`;

/** The gates of a contract stage with their evidence, one a line. */
export function gateLines(gates: readonly GateResult[], paint: Paint): string {
  return gates
    .map((g) => `    ${mark(g, paint)} ${g.name.padEnd(13)} ${printableLine(g.reason)}${because(g)}\n`)
    .join("");
}

const NEXT: Readonly<Record<string, string | ((id: string) => string)>> = {
  expanded: "Old code goes on working. The new code waits for the backfill: `zmigrate apply` does it.",
  backfilled: "Deploy the new code; then `zmigrate apply --contract --release NEXT`.",
  contracting: (id) => `The old side is parked; \`zmigrate rollback ${id}\` brings it back until it is dropped.`,
  contracted: "Finished.",
  "rolled-back": "The schema is as it was before.",
  pending: "Nothing of it was applied: there is nothing to take back.",
};

function nextOf(status: string, id: string): string {
  const next = NEXT[status] ?? "";
  return typeof next === "string" ? next : next(id);
}

/** How long its transaction is open; "" where that is not known. */
function ageOf({ prepared, ageMs }: Blocker): string {
  if (ageMs === null) return "";
  return prepared === undefined ? `in a transaction for ${duration(ageMs)}` : `prepared ${duration(ageMs)} ago`;
}

/** A line for each of those that hold something, with what is known of it. */
function blockedText(blockers: readonly Blocker[], paint: Paint): string {
  const who = (b: Blocker) => [nameOfHolder(b), b.user, b.application, ageOf(b)].filter((part) => part !== "");
  return blockers.map((b) => `           ${paint.yellow("blocked by")} ${who(b).join(", ")}: ${b.query}\n`).join("");
}

/** What a backfill has done, where that is not all: "" where each of its rows was changed. */
function backfilledText({ rows, rowsChanged, passedOver }: Extract<RunEvent, { event: "backfilled" }>): string {
  if (rows === rowsChanged && passedOver === 0) return "";
  const passed = passedOver === 0 ? "" : `; ${countRows(passedOver)} passed over: \`zmigrate status\` names them`;
  return `           ${countRows(rowsChanged)} changed of ${count(rows)}${passed}\n`;
}

type Line<K extends RunEvent["event"]> = (event: Extract<RunEvent, { event: K }>, paint: Paint) => string;

/** One entry per event; batches, comparing and throttling are progress, which `progressLine` shows. */
const LINES: { readonly [K in RunEvent["event"]]: Line<K> } = {
  "waiting-for-lock": (e) => `Waiting for another zmigrate: ${e.holder}\n`,
  helping: (e, p) => `${p.bold(e.migration)} helping it with ${e.step}\n`,
  "migration-started": (e, p) => `${p.bold(`${e.migration} ${e.name}`)} ${p.dim(`(${e.status})`)}\n`,
  "step-started": (e, p) => `  ${e.phase.padEnd(8)} ${e.step}  ${p.dim(e.reason)}\n`,
  "catalog-blocked": (e, p) => `Reading the catalog waits\n${blockedText(e.blockers, p)}`,
  "commit-waits": (e, p) =>
    `           ${p.yellow("COMMIT waits")} for a synchronous standby: ${printableLine(e.why)}. It goes on when that is there\n`,
  "commit-not-awaited": (_, p) =>
    `           ${p.yellow("COMMIT not waited for")} any longer: it is on this server's disk and stands; the standby gets it when it is there\n`,
  "step-blocked": (e, p) => blockedText(e.blockers, p),
  "step-retried": (e, p) => `           ${p.yellow("retry")} ${e.attempt} in ${duration(e.waitMs)}: ${e.why}\n`,
  "step-done": (e, p) => `           ${p.green("done")} in ${duration(e.ms)}\n`,
  "tool-output": (e, p) => `           ${p.dim(`${e.tool}:`)} ${printableLine(e.line)}\n`,
  batch: () => "",
  comparing: () => "",
  throttled: () => "",
  "waiting-for-workers": (e) =>
    `           waiting for ${e.ranges === 1 ? "the last range, which" : `the last ${e.ranges} ranges, which`} other processes are about\n`,
  "signal-left-out": (e, p) =>
    `           ${p.yellow("not watched")} throttle.${e.signal}: ${e.why} (false in the configuration leaves it out in silence)\n`,
  "batch-slow": (e, p) => `           ${p.yellow("slow")} a batch is under way for ${duration(e.forMs)}: ${e.why}\n`,
  "waiting-for-code": (e, p) =>
    `           ${p.yellow("waits")} for the code of ${e.migration} (\`map\` of a batch of ${countRows(e.rows)}, ${duration(e.forMs)})\n`,
  "batch-retried": (e, p) => `           ${p.yellow("batch again")} with ${countRows(e.rows)}: ${e.why}\n`,
  "bad-row": (e, p) => `           ${p.yellow("passed over")} the row with ${e.key}: ${e.why}\n`,
  backfilled: backfilledText,
  "waiting-for-replica": (e) =>
    `           waiting for up to ${duration(e.forMs)} to compare on a replica: ${e.reason}\n`,
  verified: (e) =>
    `           ${countRows(e.rows)} compared${e.on === undefined ? "" : ` on ${e.on}`}, ${differing(e.mismatches)}\n`,
  "another-pass": (e, p) =>
    `           ${p.yellow(`pass ${e.pass} of ${e.of}`)} over the whole table for them, e.g. ${e.examples.join(" | ")}\n`,
  "waiting-for-gate": (e) =>
    `  contract ${e.stage}: waiting for ${e.gates.map((g) => `${g.name} (${g.reason})`).join(", ")}\n`,
  gate: (e, p) =>
    `  contract ${e.stage}: ${e.gates.every(isPassed) ? "all gates are open" : "waits for its gates"}\n${gateLines(e.gates, p)}`,
  "rollback-begins": (e, p) =>
    e.gone.length === 0
      ? ""
      : `  ${p.yellow("takes away")} ${e.gone.join(", ")}: running code that uses it fails from now on\n${(e.named ?? []).map((n) => `           ${p.yellow("look at")} the ${n}: it fails, if it means that\n`).join("")}`,
  "step-undone": (e, p) => `  ${p.green("undone")}   ${e.step}\n`,
  "migration-done": (e, p) =>
    e.leaves === undefined || e.leaves.length === 0
      ? `  ${p.bold(e.status)}  ${p.dim(nextOf(e.status, e.migration))}\n`
      : `  ${p.bold(e.status)}  ${p.dim("The schema is as it was before, except:")}\n${e.leaves.map((l) => `           - ${l}\n`).join("")}`,
  done: (e) =>
    e.migrations === 0
      ? `Nothing to do: ${nothingLeft(e)}.\n`
      : e.waiting.length === 0
        ? skippedText(e.skipped)
        : `${skippedText(e.skipped)}Waiting for gates: ${e.waiting.join(", ")}. Run this again when they are open.\n`,
  failed: () => "",
};

/** What a person reads of an event; "" for none. */
export function runText(event: RunEvent, paint: Paint): string {
  const line = LINES[event.event] as Line<RunEvent["event"]>;
  return line(event as never, paint);
}

/** SQL below a line. */
export const sqlBlock = (sql: readonly string[]): string => sql.map((s) => `${indent(`${s};`, "      ")}\n`).join("");

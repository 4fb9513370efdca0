import { count } from "../report/format.js";
import type { ClientWindow } from "./client.js";

/** One client in the report. Durations are those during the migration, milliseconds. */
export interface ClientReport {
  /** All of the demo. */
  readonly statements: number;
  readonly failed: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What the demo measured: `zmigrate demo --json` prints it as it is. */
export interface DemoReport {
  /** Generated rows. */
  readonly rows: number;
  readonly clients: { readonly old: ClientReport; readonly new: ClientReport };
  /** The old client's, before anything else ran. */
  readonly baselineP99Ms: number;
  readonly maxLagMs: number;
  /** Rows in which old and new side differed before the swap, and rows that were not as expected at the end. */
  readonly mismatches: number;
  readonly phases: readonly { readonly name: string; readonly seconds: number }[];
  readonly seconds: number;
}

/** A tenth of a millisecond or second: what is behind it is noise. */
export const rounded = (n: number): number => Math.round(n * 10) / 10;

/** @param windows all that a client did, in order; @param during what it did during the migration */
export function clientReport(windows: readonly ClientWindow[], during: ClientWindow): ClientReport {
  const sum = (of: (w: ClientWindow) => number): number => windows.reduce((total, w) => total + of(w), 0);
  return Object.freeze({
    statements: sum((w) => w.count),
    failed: sum((w) => w.failed),
    p99Ms: rounded(during.p99Ms),
    maxMs: rounded(during.maxMs),
  });
}

/** True when no statement failed and no row differs. */
export const isClean = ({ clients, mismatches }: DemoReport): boolean =>
  clients.old.failed === 0 && clients.new.failed === 0 && mismatches === 0;

const ms = (n: number): string => `${n.toFixed(1)} ms`;

/** The report as the table at the end of the demo. */
export function reportText(report: DemoReport): string {
  const { clients } = report;
  const pairs: readonly (readonly [what: string, old: string, fresh: string])[] = [
    ["", "old code", "new code"],
    ["statements", count(clients.old.statements), count(clients.new.statements)],
    ["failed statements", count(clients.old.failed), count(clients.new.failed)],
    ["p99 before", ms(report.baselineP99Ms), "-"],
    ["p99 during the migration", ms(clients.old.p99Ms), ms(clients.new.p99Ms)],
    ["longest stall", ms(clients.old.maxMs), ms(clients.new.maxMs)],
  ];
  const single: readonly (readonly [what: string, value: string])[] = [
    ["highest replica lag", ms(report.maxLagMs)],
    ["mismatching rows", count(report.mismatches)],
  ];
  const lines = [
    ...pairs.map(([what, old, fresh]) => `  ${what.padEnd(26)}${old.padStart(12)}${fresh.padStart(12)}`),
    ...single.map(([what, value]) => `  ${what.padEnd(26)}${value.padStart(12)}`),
    `  ${report.phases.map((p) => `${p.name} ${p.seconds} s`).join(" · ")}`,
    `  ${report.seconds} s in all`,
  ];
  return `${lines.join("\n")}\n`;
}

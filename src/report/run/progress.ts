import { duration } from "../../files/duration.js";
import type { RunEvent } from "../../model/event.js";
import { count, countRows } from "../format.js";

type Batch = Extract<RunEvent, { event: "batch" }>;
type Comparing = Extract<RunEvent, { event: "comparing" }>;
type Throttled = Extract<RunEvent, { event: "throttled" }>;

const WIDTH = 24;

function bar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  return `${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} %`;
}

/** What is progress and no news. */
export type Progress = Batch | Comparing | Throttled;

export const isProgress = (event: RunEvent): event is Progress =>
  event.event === "batch" || event.event === "comparing" || event.event === "throttled";

/** How a backfill or a comparison stands, in one line: share, rows, rate, time to go, lag, or what it waits for. */
export function progressLine(event: Progress): string {
  const compared = event.event === "comparing" ? " compared" : "";
  const rows = `${bar(event.rowsDone, event.rowsTotal)}  ${count(event.rowsDone)} of ${countRows(event.rowsTotal)}${compared}`;
  if (event.event === "throttled") return `${rows}  waiting: ${event.reason}`;
  const lag = event.event === "comparing" || event.lagMs === null ? "" : `  lag ${duration(event.lagMs)}`;
  const share = event.event === "comparing" ? 0 : Math.round(event.throttledShare * 100);
  const waited = share === 0 ? "" : `  waited ${share} %`;
  const eta = event.rowsDone >= event.rowsTotal ? "" : etaText(event.etaSeconds);
  return `${rows}  ${count(event.rate)} rows/s${eta}${lag}${waited}`;
}

/** Whole seconds: less than one is still ahead, and is not nothing. */
function etaText(seconds: number | null): string {
  if (seconds === null) return "";
  return `  ETA ${seconds < 1 ? "< 1 s" : duration(seconds * 1_000)}`;
}

import { duration } from "../../files/duration.js";
import type { BackfillStatus, MigrationStatusReport, PassedOver, StatusReport } from "../../model/status-report.js";
import { count, countRows } from "../format.js";
import { printable, printableLine } from "../lint/printable.js";
import { gateLines, type Paint } from "../run/text.js";

function standing({ state, waitingFor }: BackfillStatus): string {
  if (state === "stopped") return ", stopped: no process works on it";
  return waitingFor === null ? "" : `, waiting: ${waitingFor}`;
}

/** The rows that a backfill has left as they were, and why the first ones. */
function passedOverLines({ step, rows, first }: PassedOver, paint: Paint): string {
  const more = rows > first.length ? `    ... and ${countRows(rows - first.length)} more\n` : "";
  const each = first.map(({ key, reason }) => `    ${printableLine(key)}: ${printableLine(reason)}\n`).join("");
  return `  ${paint.yellow("passed over")} ${countRows(rows)} by ${step}\n${each}${more}`;
}

function migrationText(m: MigrationStatusReport, paint: Paint): string {
  const color = m.status === "contracted" ? paint.green : m.status === "failed" ? paint.red : paint.yellow;
  let text = `${paint.bold(printableLine(`${m.id} ${m.name}`))}  ${color(m.baseline === true ? "baseline" : m.status)}${m.release === null ? "" : paint.dim(`  expanded by release ${printableLine(m.release)}`)}\n`;
  if (m.fileProblem !== null) text += `  ${paint.red("file")}  ${printable(m.fileProblem.reason)}\n`;
  if (m.error !== null) text += `  ${paint.red("error")} ${printable(m.error)}\n`;
  const done = m.steps.filter((s) => s.status === "done").length;
  if (m.steps.length > 0 && m.status !== "contracted") text += `  ${done} of ${m.steps.length} steps done\n`;
  const b = m.backfill;
  if (b !== null && b.state !== "done") {
    const eta = b.etaSeconds === null ? "" : `, ETA ${duration(b.etaSeconds * 1_000)}`;
    text += `  backfill: ${count(b.rowsDone)} of ${countRows(b.rowsTotal)}, ${count(b.rowsPerSecond)} rows/s${eta}${standing(b)}\n`;
  }
  for (const passed of m.passedOver ?? []) text += passedOverLines(passed, paint);
  if (m.gates.length > 0) text += `  gates\n${gateLines(m.gates, paint)}`;
  return `${text}  next: ${printable(m.next)}\n`;
}

/** The status for a terminal. */
export function statusText(report: StatusReport, paint: Paint): string {
  if (report.migrations.length === 0) return "There are no migrations.\n";
  return report.migrations.map((m) => migrationText(m, paint)).join("");
}

import type { GateResult } from "../../model/gate.js";
import type { StatusReport } from "../../model/status-report.js";

/** A gate's verdict as programs read it. */
export const gateJson = ({ name, state, reason, evidence }: GateResult) => ({
  name,
  open: state === "open",
  state,
  reason,
  ...(evidence === undefined ? {} : { evidence }),
});

/** The migrations of a status as programs read them. */
export const migrationsJson = (report: StatusReport) =>
  report.migrations.map(({ gates, backfill, fileProblem, ...m }) => ({
    ...m,
    ...(fileProblem === null ? {} : { fileProblem }),
    ...(backfill === null ? {} : { backfill }),
    gates: gates.map(gateJson),
  }));

/** The status as JSON, version 1. @param line all of it in one line */
export function statusJson(report: StatusReport, line = false): string {
  const migrations = migrationsJson(report);
  return `${JSON.stringify({ version: 1, migrations }, null, line ? 0 : 2)}\n`;
}

import type { StatusReport } from "../../model/status-report.js";

/** The status as JSON, version 1. @param line all of it in one line */
export function statusJson(report: StatusReport, line = false): string {
  const migrations = report.migrations.map(({ gates, backfill, fileProblem, ...m }) => ({
    ...m,
    ...(fileProblem === null ? {} : { fileProblem }),
    ...(backfill === null ? {} : { backfill }),
    gates: gates.map((g) => ({ name: g.name, open: g.state === "open", state: g.state, reason: g.reason })),
  }));
  return `${JSON.stringify({ version: 1, migrations }, null, line ? 0 : 2)}\n`;
}

import type { PlanReport } from "../../model/plan-report.js";
import { sqlOf } from "./json.js";

/** A name may hold a line break: every line is a comment of its own. */
const comment = (text: string): string => text.replaceAll(/^/gm, "-- ");

/** The plan as a commented script: what runs, in order. Backfills and verifications stand as comments, they run in batches. */
export function planSql(report: PlanReport): string {
  const lines: string[] = [];
  for (const { id, name, plan, refusals } of report.migrations) {
    lines.push(`-- migration ${id} ${name}`);
    for (const r of refusals) lines.push(`-- refused at line ${r.line}: ${r.reason.replaceAll("\n", " ")}`);
    let phase = "";
    for (const step of plan?.steps ?? []) {
      if (step.phase !== phase) lines.push("", `-- ${step.phase}`);
      phase = step.phase;
      const inBatches = step.backfill !== null || step.verify !== null;
      lines.push(`-- ${step.id}${inBatches ? " (in batches)" : ""}`);
      const transaction = step.transaction && !inBatches && step.sql.length > 1;
      const sql = sqlOf(step, report.quote).map((s) => (inBatches ? comment(`${s};`) : `${s};`));
      lines.push(...(transaction ? ["BEGIN;", ...sql, "COMMIT;"] : sql));
    }
    lines.push("");
  }
  return `${lines.join("\n")}\n`;
}

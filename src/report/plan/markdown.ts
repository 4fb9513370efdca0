import type { PlannedMigration, PlanReport } from "../../model/plan-report.js";
import type { Step } from "../../model/step.js";
import { sqlOf } from "./json.js";
import { lockText } from "./text.js";

/** GitHub refuses comments above 65,536 characters. */
const LONGEST = 64_000;

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function stepRow(step: Step): string {
  const locks = step.locks.map(lockText).join("<br>") || "none";
  return `| ${step.phase} | \`${step.id}\` | ${cell(locks)} | ${cell(step.reason)} |`;
}

/** A fence longer than any run of backticks inside. */
function fenced(sql: string): string {
  const longest = Math.max(2, ...[...sql.matchAll(/`+/g)].map((m) => m[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sql\n${sql}\n${fence}`;
}

function migrationMarkdown(planned: PlannedMigration, quote: string): string {
  const lines = [`### ${planned.id} ${cell(planned.name)}`, "", `\`${planned.file}\`, ${planned.status}`, ""];
  for (const r of planned.refusals) lines.push(`- **refused** at line ${r.line}: ${r.reason} ${r.help}`);
  for (const f of planned.findings)
    lines.push(`- ${f.severity} as written, line ${f.start.line} \`${f.rule}\`: ${cell(f.message)}`);
  if (planned.findings.length > 0) lines.push("");
  const steps = planned.plan?.steps ?? [];
  if (steps.length > 0) lines.push("| phase | step | locks | why |", "|---|---|---|---|", ...steps.map(stepRow), "");
  if (planned.gates.length > 0)
    lines.push(
      `Contract waits for: ${planned.gates.map((g) => (g.setting === "" ? g.name : `${g.name} (${g.setting})`)).join(", ")}.`,
      "",
    );
  for (const note of planned.plan?.notes ?? []) lines.push(`- ${note}`);
  const sql = steps
    .map(
      (s) =>
        `-- ${s.phase}: ${s.id}\n${sqlOf(s, quote)
          .map((q) => `${q};`)
          .join("\n")}`,
    )
    .join("\n\n");
  if (sql !== "") lines.push("", "<details><summary>SQL</summary>", "", fenced(sql), "", "</details>");
  return `${lines.join("\n")}\n`;
}

/** The plan for a pull request. */
export function planMarkdown(report: PlanReport): string {
  const head = `<!-- zmigrate plan -->\n## Migration plan\n\n${report.engine} ${report.version}, schema from: ${report.schemaSource}.\n\n`;
  let text = head;
  for (const migration of report.migrations) {
    const next = migrationMarkdown(migration, report.quote);
    if (text.length + next.length > LONGEST)
      return `${text}\n_The rest does not fit into a comment; run \`zmigrate plan\`._\n`;
    text += `${next}\n`;
  }
  return report.migrations.length === 0 ? `${text}Nothing to do.\n` : text;
}

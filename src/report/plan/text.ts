import type { Lock } from "../../model/effect.js";
import type { PhaseName } from "../../model/phase.js";
import type { PlannedMigration, PlanReport } from "../../model/plan-report.js";
import type { Step } from "../../model/step.js";
import { indent } from "../format.js";
import type { Paint } from "../run/text.js";
import { sqlOf } from "./json.js";

/** In which deploy a phase runs, and who survives it. */
const PHASES: Readonly<Record<PhaseName, string>> = {
  expand: "before the new code is deployed; old code goes on working",
  backfill: "in the same job, behind expand; from its end on old and new code both work",
  contract: "in a later release, when its gates are open; the old code must be gone",
};

const BLOCKS: Readonly<Record<Lock["blocks"], string>> = {
  reads: "blocks reads and writes",
  writes: "blocks writes",
  ddl: "blocks other DDL only",
  nothing: "blocks nothing",
};

/** One lock in words: what it is on, what it blocks and for how long. */
export function lockText(lock: Lock): string {
  const name = lock.relation.schema === null ? lock.relation.name : `${lock.relation.schema}.${lock.relation.name}`;
  const held = {
    brief: "for a moment",
    scan: "while it scans",
    rewrite: "while it rewrites the table",
    build: "while it builds",
  }[lock.held];
  return `${lock.mode} on ${name}: ${BLOCKS[lock.blocks]} ${held}`;
}

function stepText(step: Step, quote: string, paint: Paint): string {
  const marks = [
    step.transaction ? "" : "outside a transaction",
    step.rewrite ? "REWRITES THE TABLE" : "",
    step.final ? "cannot be undone" : "",
  ].filter((m) => m !== "");
  const lines = [
    `    ${paint.bold(step.id)}  ${step.kind}${marks.length === 0 ? "" : `  ${paint.yellow(marks.join(", "))}`}`,
    indent(paint.dim(step.reason), "      "),
    ...step.locks.map((l) => `      ${lockText(l)}`),
    ...sqlOf(step, quote).map((s) => indent(`${s};`, "        ")),
  ];
  return `${lines.join("\n")}\n`;
}

function migrationText(planned: PlannedMigration, quote: string, paint: Paint): string {
  let text = `${paint.bold(`${planned.id} ${planned.name}`)} ${paint.dim(`(${planned.status}, ${planned.file})`)}\n`;
  for (const r of planned.refusals)
    text += `  ${paint.red("refused")} ${r.file}:${r.line}:${r.column} ${r.reason}\n    ${r.help}\n`;
  for (const f of planned.findings)
    text += `  ${(f.severity === "error" ? paint.red : paint.yellow)(f.severity)} as written, line ${f.start.line} [${f.rule}]: ${f.message}\n`;
  for (const phase of ["expand", "backfill", "contract"] as const) {
    const steps = planned.plan?.steps.filter((s) => s.phase === phase) ?? [];
    if (steps.length === 0) continue;
    text += `\n  ${paint.bold(phase)}  ${paint.dim(PHASES[phase])}\n`;
    if (phase === "contract")
      text += `    gates: ${planned.gates.map((g) => (g.setting === "" ? g.name : `${g.name}=${g.setting}`)).join(", ")}\n`;
    text += steps.map((s) => stepText(s, quote, paint)).join("");
  }
  const notes = planned.plan?.notes ?? [];
  if (notes.length > 0) text += `\n  notes\n${notes.map((n) => `    - ${n}\n`).join("")}`;
  return text;
}

/** The plan for a terminal. */
export function planText(report: PlanReport, paint: Paint): string {
  const source = {
    database: "from the database's own schema",
    shadow: "from a shadow of the migrations",
    files: "from the migration files alone",
  }[report.schemaSource];
  const head = `Plan for ${report.engine} ${report.version}, ${source}.\n\n`;
  if (report.migrations.length === 0) return `${head}Nothing to do: every migration is finished.\n`;
  return head + report.migrations.map((m) => migrationText(m, report.quote, paint)).join("\n");
}

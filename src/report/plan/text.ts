import type { PlannedMigration, PlanReport } from "../../model/plan-report.js";
import type { QueryCompatibility } from "../../model/query.js";
import type { Step } from "../../model/step.js";
import { indent, nothingLeft, skippedText } from "../format.js";
import { printable, printableLine } from "../lint/printable.js";
import type { Paint } from "../run/text.js";
import { type Deploy, deploysOf, gateList, type Stretch } from "./deploys.js";
import { estimateOf, estimateText, totalOf } from "./estimate.js";
import { sqlOf } from "./json.js";
import { lockText } from "./locks.js";
import { matrixOf, OWNERS, restTexts, stretchLines } from "./matrix.js";
import { notesOf } from "./sample-text.js";

/** What is printed with. */
interface Pen {
  readonly planned: PlannedMigration;
  readonly quote: string;
  readonly paint: Paint;
}

const marksOf = (step: Step): string[] =>
  [
    step.transaction ? "" : "outside a transaction",
    step.rewrite ? "REWRITES THE TABLE" : "",
    step.final ? "cannot be undone" : "",
  ].filter((m) => m !== "");

function stepText(step: Step, { planned, quote, paint }: Pen): string {
  const marks = marksOf(step);
  const estimate = estimateOf(step, planned);
  const lines = [
    `    ${paint.bold(step.id)}  ${step.kind}${marks.length === 0 ? "" : `  ${paint.yellow(marks.join(", "))}`}`,
    indent(paint.dim(printable(step.reason)), "      "),
    ...step.locks.map((l) => `      ${printableLine(lockText(l))}`),
    ...(estimate === null ? [] : [`      ${estimateText(estimate)}`]),
    ...(step.tool === undefined ? [] : [`      by ${step.tool.tool}: ${printableLine(step.tool.command)}`]),
    ...sqlOf(step, quote).map((s) => indent(`${printable(s)};`, "        ")),
  ];
  return `${lines.join("\n")}\n`;
}

function stretchText(stretch: Stretch, pen: Pen): string {
  const { paint } = pen;
  const phase = stretch.name === "swap" || stretch.name === "drop" ? `contract, ${stretch.name}` : stretch.name;
  const gates = stretch.gates.length === 0 ? "" : `    gates: ${printableLine(gateList(stretch.gates))}\n`;
  const head = `  ${paint.bold(phase)}  ${paint.dim(stretch.survives)}\n`;
  return head + gates + stretch.steps.map((s) => stepText(s, pen)).join("");
}

function deployText(deploy: Deploy, pen: Pen): string {
  const total = totalOf(
    deploy.stretches.flatMap((s) => s.steps),
    pen.planned,
  );
  const head = `deploy ${deploy.number}: ${deploy.when}${total === null ? "" : `; ${total}`}`;
  return `\n  ${pen.paint.bold(head)}\n${deploy.stretches.map((s) => stretchText(s, pen)).join("")}`;
}

function queryText(row: QueryCompatibility, { paint }: Pen): string {
  const { source, text } = row.query;
  const lines = stretchLines(row).map((line) => `      ${printableLine(line)}\n`);
  const shown = text === "" ? "" : `      ${paint.dim(printableLine(text.replace(/\s+/g, " ")))}\n`;
  return `    ${paint.bold(printableLine(source))}  ${OWNERS[row.owner]}\n${shown}${lines.join("")}`;
}

/** What the phases touch, and how many queries they do not. */
function queriesText(pen: Pen): string {
  const { compatibility } = pen.planned;
  if (compatibility === undefined) return "";
  const matrix = matrixOf(compatibility);
  const rest = restTexts(matrix).map((t) => `    ${printableLine(t)}\n`);
  return `\n  queries\n${[...matrix.shown.map((row) => queryText(row, pen)), ...rest].join("")}`;
}

function problemsText({ planned, paint }: Pen): string {
  const refused = planned.refusals.map(
    (r) =>
      `  ${paint.red("refused")} ${printableLine(r.file)}:${r.line}:${r.column} ${printable(r.reason)}\n    ${printable(r.help)}\n`,
  );
  const found = planned.findings.map(
    (f) =>
      `  ${(f.severity === "error" ? paint.red : paint.yellow)(f.severity)} as written, line ${f.start.line} [${f.rule}]: ${printable(f.message)}\n`,
  );
  return [...refused, ...found].join("");
}

function migrationText(pen: Pen): string {
  const { planned, paint } = pen;
  const place = printableLine(`(${planned.status}, ${planned.file})`);
  const head = `${paint.bold(printableLine(`${planned.id} ${planned.name}`))} ${paint.dim(place)}\n`;
  const deploys = deploysOf(planned).map((d) => deployText(d, pen));
  const notes = notesOf(planned).map((n) => `    - ${printable(n)}\n`);
  return [
    head,
    problemsText(pen),
    ...deploys,
    notes.length === 0 ? "" : `\n  notes\n${notes.join("")}`,
    queriesText(pen),
  ].join("");
}

/** The plan for a terminal. Control characters in names and SQL are shown, not obeyed. */
export function planText(report: PlanReport, paint: Paint): string {
  const source = {
    database: "from the database's own schema",
    shadow: "from a shadow of the migrations",
    files: "from the migration files alone",
  }[report.schemaSource];
  const head = `Plan for ${report.engine} ${report.version}, ${source}.\n\n`;
  if (report.migrations.length === 0) return `${head}Nothing to do: ${nothingLeft(report)}.\n`;
  return (
    head +
    skippedText(report.skipped) +
    report.migrations.map((m) => migrationText({ planned: m, quote: report.quote, paint })).join("\n")
  );
}

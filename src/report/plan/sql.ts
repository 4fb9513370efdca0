import type { Script } from "../../engines/engine.js";
import type { PlannedMigration, PlanReport } from "../../model/plan-report.js";
import type { Step } from "../../model/step.js";
import { type Deploy, deploysOf, type Stretch } from "./deploys.js";
import { estimateOf, estimateText } from "./estimate.js";
import { sqlOf } from "./json.js";
import { lockText } from "./locks.js";
import { notesOf } from "./sample-text.js";

/** How long a statement waits for its lock, as `apply` does by default, and what one that only changes the catalog may take. */
const [LOCK_MS, BRIEF_MS] = [2_000, 10_000];

/** A name may hold a line break: every line is a comment of its own. */
const comment = (text: string): string => text.replaceAll(/^/gm, "-- ");
/** What a person runs later, by taking these five characters away. */
const later = (text: string): string => text.replaceAll(/^/gm, "-- | ");
/** What takes it back. */
const back = (text: string): string => text.replaceAll(/^/gm, "-- < ");

const UNKNOWN_TO_APPLY =
  "zmigrate's journal is not written by this: do not run `zmigrate apply` for the same migration as well.";

function limitsOf(step: Step, script: Script): string {
  const peaceful = step.locks.length > 0 && step.locks.every((l) => l.blocks === "ddl" || l.blocks === "nothing");
  const lockMs = step.unlimited && peaceful ? 0 : LOCK_MS;
  return script.limits({ lockMs, statementMs: step.unlimited ? 0 : LOCK_MS + BRIEF_MS });
}

/** Statements of a step, in one transaction where several commit together. */
function ranTogether(sql: readonly string[], together: boolean, script: Script): readonly string[] {
  const statements = sql.map(script.statement);
  const around = together && statements.length > 1 ? script.transaction : null;
  return around === null ? statements : [around.begin, ...statements, around.commit];
}

function statementsOf(step: Step, script: Script, quote: string): readonly string[] {
  if (step.backfill?.code !== undefined)
    return [
      comment(`Not SQL: only \`zmigrate apply\` runs its code. It reads and writes:`),
      ...sqlOf(step, quote).map(comment),
    ];
  if (step.backfill !== null)
    return [script.limits({ lockMs: LOCK_MS, statementMs: 0 }), ...script.batches(step.backfill)];
  if (step.verify !== null) {
    const counted = sqlOf(step, quote, "").map(script.statement);
    return [
      script.limits({ lockMs: LOCK_MS, statementMs: 0 }),
      comment("Must count 0; if it does not, stop here."),
      ...counted,
    ];
  }
  if (step.tool !== undefined)
    return [comment(`In a shell, with HOST, PORT and a FILE of credentials: ${step.tool.command}`)];
  return [limitsOf(step, script), ...ranTogether(step.sql, step.transaction, script)];
}

function stepLines(step: Step, planned: PlannedMigration, script: Script, quote: string): string[] {
  const estimate = estimateOf(step, planned);
  const said = [
    `${step.id}: ${step.reason}`,
    ...step.locks.map(lockText),
    ...(estimate === null ? [] : [estimateText(estimate)]),
  ];
  return ["", ...said.map(comment), ...statementsOf(step, script, quote)];
}

function gateLines({ name, gates }: Stretch, script: Script): string[] {
  if (gates.length === 0) return [];
  const queries = gates.filter((g) => g.name === "sql").map((g) => later(script.statement(g.setting)));
  const others = gates
    .filter((g) => g.name !== "sql")
    .map((g) => (g.setting === "" ? g.name : `${g.name} ${g.setting}`));
  return [
    comment(`${name} waits for: ${others.join(", ")}.`),
    ...(queries.length === 0 ? [] : [comment("And until the first column of this is true:"), ...queries]),
  ];
}

/** Undone in the opposite order, as `zmigrate rollback` does. */
function undoLines(deploy: Deploy, script: Script): string[] {
  const undo = deploy.stretches
    .flatMap((s) => s.steps)
    .toReversed()
    .flatMap((s) => ranTogether(s.undo, s.undoTransaction, script));
  if (undo.length === 0) return [];
  const head = `To take deploy ${deploy.number} back, as long as no later one has run: remove \`-- < \` from these lines and run them.`;
  return ["", comment(head), ...undo.map(back)];
}

function deployLines(deploy: Deploy, planned: PlannedMigration, script: Script, quote: string): string[] {
  const rule = "=".repeat(60);
  const lines = deploy.stretches.flatMap((s) => s.steps.flatMap((step) => stepLines(step, planned, script, quote)));
  const head = [
    "",
    `-- ${rule}`,
    `-- Deploy ${deploy.number}: ${deploy.when}.`,
    ...(deploy.number === 1
      ? []
      : [comment("Nothing of it runs with this script: remove `-- | ` from these lines when its time has come.")]),
    ...deploy.stretches.flatMap((s) => gateLines(s, script)),
    `-- ${rule}`,
  ];
  return [...head, ...(deploy.number === 1 ? lines : lines.map(later)), ...undoLines(deploy, script)];
}

function migrationLines(planned: PlannedMigration, script: Script, quote: string): string[] {
  const refused = planned.refusals.map((r) => comment(`refused at line ${r.line}: ${r.reason}`));
  const notes = notesOf(planned).map((n) => comment(`note: ${n}`));
  const deploys = deploysOf(planned).flatMap((d) => deployLines(d, planned, script, quote));
  return [comment(`migration ${planned.id} ${planned.name}`), ...refused, ...notes, ...deploys, ""];
}

/**
 * The plan as a script that a person runs with the database's own client. The first deploy runs as it stands, backfills
 * in batches; later deploys and the way back are comments, so that no run of the whole file takes anything away.
 *
 * @example
 * planSql(report, engine.script)
 */
export function planSql(report: PlanReport, script: Script): string {
  const head = [
    comment(`Plan for ${report.engine} ${report.version}. Run it with: ${script.command}`),
    comment(UNKNOWN_TO_APPLY),
    ...script.settings,
    "",
  ];
  return `${[...head, ...report.migrations.flatMap((m) => migrationLines(m, script, report.quote))].join("\n")}\n`;
}

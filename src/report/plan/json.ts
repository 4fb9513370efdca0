import { type RelationName, show } from "../../model/name.js";
import type { PlannedMigration, PlanReport } from "../../model/plan-report.js";
import { contractOutcome, QUERY_STAGES, type QueryCompatibility } from "../../model/query.js";
import type { Step } from "../../model/step.js";
import { findingJson } from "../lint/json.js";
import { type Estimate, estimateOf } from "./estimate.js";
import { notesOf } from "./sample-text.js";

const stepJson = (step: Step, quote: string, planned: PlannedMigration) => ({
  id: step.id,
  kind: step.kind,
  sql: sqlOf(step, quote),
  undo: step.undo,
  transaction: step.transaction,
  locks: step.locks.map((l) => ({
    relation: show(l.relation),
    mode: l.mode,
    blocks: l.blocks,
    held: l.held,
  })),
  rewrite: step.rewrite,
  scan: step.scan,
  evidence: step.evidence,
  reason: step.reason,
  ...(step.tool === undefined ? {} : { tool: { name: step.tool.tool, command: step.tool.command } }),
  ...(step.stage === null ? {} : { stage: step.stage }),
  ...estimated(estimateOf(step, planned)),
});

const estimated = (estimate: Estimate | null) =>
  estimate === null ? {} : { estimate: { ...estimate, seconds: Math.ceil(estimate.seconds), from: "assumed" } };

/**
 * What a step runs, a backfill's and a verification's batch among it: the range is bound for each batch.
 *
 * @param range what stands for the range: a condition with its AND, or nothing for the whole table
 */
export function sqlOf(step: Step, quote: string, range = "<key range> AND "): readonly string[] {
  // AND of the range must not take a part of it.
  const apart = (condition: string) => (range !== "" && / or /i.test(condition) ? `(${condition})` : condition);
  const quoted = (name: string) => `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
  const table = (r: RelationName) => (r.schema === null ? "" : `${quoted(r.schema)}.`) + quoted(r.name);
  const written = step.backfill?.statement;
  if (step.backfill?.code !== undefined) {
    const { code, relation, where } = step.backfill;
    const names = [...new Set([...code.select, ...code.update])].map(quoted).join(", ");
    const set = code.update.map((name) => `${quoted(name)} = <computed>`).join(", ");
    return [
      `SELECT ${names} FROM ${table(relation)} WHERE ${range}(${where})`,
      `UPDATE ${table(relation)} SET ${set} WHERE <key>`,
    ];
  }
  if (step.backfill !== null && written !== undefined)
    return [`${written.head} WHERE ${range}(${step.backfill.where})${written.tail === "" ? "" : ` ${written.tail}`}`];
  if (step.backfill !== null)
    return [
      `UPDATE ${table(step.backfill.relation)} SET ${step.backfill.set} WHERE ${range}${apart(step.backfill.where)}`,
    ];
  if (step.verify !== null)
    return [
      `SELECT count(*) FROM ${table(step.verify.relation)} WHERE ${step.verify.whole === true ? step.verify.mismatch : `${range}${apart(step.verify.mismatch)}`}`,
    ];
  return step.sql;
}

/** Words for programs; what they mean stands in `reasons`, by stage. */
function queryJson({ query, owner, outcomes }: QueryCompatibility) {
  const reasons = QUERY_STAGES.flatMap((s) => (outcomes[s].reason === null ? [] : [[s, outcomes[s].reason]]));
  const verdicts = Object.fromEntries(QUERY_STAGES.map((s) => [s, outcomes[s].verdict]));
  const contract = contractOutcome(outcomes).verdict;
  return {
    query: query.text,
    source: query.source,
    owner,
    ...verdicts,
    contract,
    reasons: Object.fromEntries(reasons),
  };
}

function migrationJson(planned: PlannedMigration, quote: string) {
  const steps = planned.plan?.steps ?? [];
  const of = (phase: Step["phase"]) => steps.filter((s) => s.phase === phase).map((s) => stepJson(s, quote, planned));
  return {
    id: planned.id,
    name: planned.name,
    file: planned.file,
    status: planned.status,
    findings: planned.findings.map(findingJson),
    phases: { expand: of("expand"), backfill: of("backfill"), contract: of("contract") },
    gates: planned.gates.map((g) => ({ name: g.name, setting: g.setting })),
    compatibility: (planned.compatibility ?? []).map(queryJson),
    notes: notesOf(planned),
    leaves: planned.plan?.leaves ?? [],
    ...(planned.samples === undefined ? {} : { samples: planned.samples }),
    refusals: planned.refusals.map(({ line, column, reason, help }) => ({ line, column, reason, help })),
  };
}

/** The plan as DESIGN's JSON, version 1. */
export function planJson(report: PlanReport): string {
  const { engine, version, schemaSource, skipped } = report;
  const migrations = report.migrations.map((m) => migrationJson(m, report.quote));
  const left = skipped === undefined ? {} : { skipped };
  return `${JSON.stringify({ version: 1, engine: { name: engine, version }, schemaSource, migrations, ...left }, null, 2)}\n`;
}

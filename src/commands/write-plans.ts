import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { PlannedMigration, PlanReport } from "../model/plan-report.js";
import { type Written, writePlan } from "../plan/write.js";
import { count, nothingLeft } from "../report/format.js";
import type { ExitCode, Io } from "./command.js";
import { paintFor } from "./paint.js";

const TOLD: Readonly<Record<Written, (steps: number) => string>> = Object.freeze({
  written: (steps: number) =>
    `written in ${steps === 1 ? "one step" : `${count(steps)} steps`}; what stands there now is what runs`,
  safe: () => "left as it is: it is safe as it is written",
  "already-written": () => "left as it is: it stands in steps already",
  begun: () => "left as it is: it has begun",
  code: () => "left as it is: it is a backfill in TypeScript",
});

const line = ({ file, plan }: PlannedMigration, done: Written): string =>
  `${file}: ${TOLD[done](plan?.steps.length ?? 0)}.\n`;

/** What was begun runs from the journal; another text under its digits would stop the next run. */
function refuseBegun(migrations: readonly PlannedMigration[]): void {
  const begun = migrations.find(({ status }) => status !== "pending" && status !== "rolled-back");
  if (begun === undefined) return;
  throw new ZmigrateError("cannot-write-plan", { file: begun.file, reason: `it has begun (${begun.status})` });
}

/**
 * `plan --write`: puts unsafe files into phases. Where one of them is refused, none is written and the plan is printed.
 *
 * @param named the files were named, so that one that cannot be written is an error
 * @throws ZmigrateError cannot-write-plan
 */
export async function writePlans(report: PlanReport, engine: Engine, named: boolean, io: Io): Promise<ExitCode> {
  const { migrations } = report;
  if (migrations.some((m) => m.refusals.length > 0)) {
    const { planText } = await import("../report/plan/text.js");
    io.stdout.write(planText(report, paintFor(io.stdout)));
    return 1;
  }
  if (named) refuseBegun(migrations);
  await engine.load();
  const made = { engine, version: report.version, source: report.schemaSource };
  for (const planned of migrations) io.stdout.write(line(planned, writePlan(planned, made)));
  if (migrations.length === 0) io.stdout.write(`Nothing to write: ${nothingLeft(report)}.\n`);
  return 0;
}

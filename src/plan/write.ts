import { chmodSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { ZmigrateError } from "../errors.js";
import { readMarks } from "../files/layouts/marks.js";
import { isBackfillFile, parseMigrationName } from "../files/name.js";
import { migrationFile, readText } from "../files/read.js";
import { parseMigration } from "../history/load.js";
import { type Made, writtenText } from "../history/written/write.js";
import type { MigrationPlan } from "../model/plan.js";
import type { PlannedMigration } from "../model/plan-report.js";

/** What became of a file. */
export type Written = "written" | "safe" | "already-written" | "begun" | "code";

/** JSON is what the journal keeps of a plan, so that no more than that need be equal. */
const plain = (plan: object): unknown => JSON.parse(JSON.stringify(plan));

const cannot = (file: string, reason: string): ZmigrateError =>
  new ZmigrateError("cannot-write-plan", { file, reason });

/** The file's new text, which certainly reads back as the same plan. @throws ZmigrateError cannot-write-plan */
function proved(file: string, original: string, plan: MigrationPlan, made: Made): string {
  const name = parseMigrationName(file);
  if (name === null) throw new ZmigrateError("bad-file-name", { file });
  const text = writtenText(original, plan, made);
  try {
    const { written } = parseMigration(migrationFile(file, name, text), made.engine);
    const { id: _, name: __, file: ___, findings: ____, ...wanted } = plan;
    if (written?.edited.length === 0 && isDeepStrictEqual(plain(written.plan), plain(wanted))) return text;
  } catch (cause) {
    throw Object.assign(cannot(file, cause instanceof Error ? cause.message : String(cause)), { cause });
  }
  throw cannot(file, "what would be written does not read back as the same steps");
}

/** A reader finds the old text or the new one, whatever happens. */
function replaceFile(file: string, text: string): void {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: "wx", flush: true });
    chmodSync(temporary, statSync(file).mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Lint has no error of it, and all of it is done before the new code is there: its statements run as they are. */
const isSafe = ({ plan, findings }: PlannedMigration): boolean =>
  (plan?.steps ?? []).every((s) => s.phase === "expand") && !findings.some((f) => f.severity === "error");

const isBegun = ({ status }: PlannedMigration): boolean => status !== "pending" && status !== "rolled-back";

/**
 * Puts an unsafe file into phases: its own text as comments, then each step of its plan. Planning it again gives the
 * same plan. What is safe, begun, written already or no SQL is left alone.
 *
 * @throws ZmigrateError cannot-write-plan: the file is as it was
 */
export function writePlan(planned: PlannedMigration, made: Made): Written {
  const { file, plan } = planned;
  if (isBegun(planned)) return "begun";
  if (isBackfillFile(file)) return "code";
  const original = readText(file);
  if (original.startsWith("-- zmigrate:from")) return "already-written";
  if (plan === null) throw cannot(file, "it has no plan");
  if (isSafe(planned)) return "safe";
  const tool = readMarks(original)?.runner.tool;
  if (tool !== undefined) throw cannot(file, `it is a file of ${tool}, which would run the steps at once`);
  const text = proved(file, original, plan, made);
  if (readText(file) !== original) throw cannot(file, "it was changed meanwhile");
  replaceFile(file, text);
  return "written";
}

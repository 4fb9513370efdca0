import type { Engine } from "../../engines/engine.js";
import { originalLines, originalText } from "../../files/original.js";
import { toLine, toLines } from "../../files/text-line.js";
import type { GateSetting } from "../../model/directive.js";
import type { MigrationPlan } from "../../model/plan.js";
import type { Step } from "../../model/step.js";
import { fieldsOf, statementsOf, sumOf } from "./step.js";

/** What a plan was made on. */
export interface Made {
  readonly engine: Engine;
  readonly version: string;
  /** `database`, `shadow` or `files`. */
  readonly source: string;
}

const EXPLANATION = [
  "-- These are the steps of the change above, written by `zmigrate plan --write`: they run as they stand here. A statement",
  "-- may be edited; what its `undo` lines hold takes it back. FORMATS.md of zmigrate says what each line means.",
];

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

/** Gates whose setting is no time. */
const TEXTS: ReadonlySet<GateSetting["name"]> = new Set(["flag", "sql"]);

const gateLine = ({ name, setting }: GateSetting): string =>
  `-- zmigrate:gate ${name}=${TEXTS.has(name) ? quoted(setting) : `${setting}ms`}`;

function stepLines(step: Step, before: readonly Step[], engine: Engine): string[] {
  const statements = statementsOf(engine, step);
  const fields = { ...fieldsOf(step, before), sum: sumOf(statements) };
  const stage = step.stage === null ? "" : ` ${step.stage}`;
  return [
    "",
    `-- zmigrate:step ${step.id} ${step.kind}${stage}`,
    `-- zmigrate:why ${toLine(step.reason)}`,
    `-- zmigrate:with ${JSON.stringify(fields)}`,
    ...step.undo.flatMap((sql) => toLines(sql, "-- zmigrate:undo", "-- zmigrate:more")),
    ...statements.map(engine.script.statement),
  ];
}

function stepsOf(steps: readonly Step[], engine: Engine): string[] {
  return steps.flatMap((step, at) => {
    const begins = step.phase !== steps[at - 1]?.phase;
    const phase = begins ? ["", `-- zmigrate:phase ${step.phase}`] : [];
    return [...phase, ...stepLines(step, steps.slice(0, at), engine)];
  });
}

/**
 * A file with its change in phases: what it was, as comments, and each step with its SQL. Whether it reads back as the
 * same plan is for the caller to see.
 *
 * @param original the file's LF text
 */
export function writtenText(original: string, plan: MigrationPlan, { engine, version, source }: Made): string {
  const { id: _, name: __, file: ___, findings: ____, steps, gates, notes, leaves = [], ...others } = plan;
  const kept = originalLines(original);
  const sum = sumOf([originalText(kept.join("\n")) ?? ""]);
  const head = { engine: engine.name, version, source, sum, ...others };
  return `${[
    ...kept,
    "",
    ...EXPLANATION,
    `-- zmigrate:written ${JSON.stringify(head)}`,
    ...gates.map(gateLine),
    ...notes.map((note) => `-- zmigrate:note ${toLine(note)}`),
    ...leaves.map((left) => `-- zmigrate:leaves ${toLine(left)}`),
    ...stepsOf(steps, engine),
  ].join("\n")}\n`;
}

import type { Engine } from "../../engines/engine.js";
import { step as withDefaults } from "../../engines/step.js";
import { badDirective } from "../../files/directives.js";
import { originalText } from "../../files/original.js";
import { gatesOf } from "../../files/scope.js";
import { fromLine } from "../../files/text-line.js";
import type { Directive } from "../../model/directive.js";
import type { Migration, WrittenPlan } from "../../model/migration.js";
import type { Statement } from "../../model/statement.js";
import type { BackfillWork, Step } from "../../model/step.js";
import { readBackfill, readCondition, readVerify, sumOf, Unreadable } from "./step.js";

type Line = Extract<Directive, { kind: "written" }>;

/** The lines and statements of one step. */
interface Part {
  readonly head: Line;
  readonly lines: readonly Line[];
  readonly statements: readonly Statement[];
}

const HELP =
  "Take the file as `plan --write` made it, or put the lines at its top back in place of it and write it again.";

/** What is wrong, at its line. */
class Wrong extends Unreadable {
  readonly at: number;
  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

function object(text: string, { span }: Line): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {}
  throw new Wrong("what stands here is no JSON object", span.start);
}

function decoded(line: Line): string {
  const text = fromLine(line.text);
  if (text === null) throw new Wrong("the quotes of this text do not close", line.span.start);
  return text;
}

const only = (lines: readonly Line[], key: Line["key"], head: Line): Line => {
  const [first, second] = lines.filter((l) => l.key === key);
  if (first === undefined) throw new Wrong(`the line \`-- zmigrate:${key}\` is missing`, head.span.start);
  if (second !== undefined) throw new Wrong(`a second line \`-- zmigrate:${key}\``, second.span.start);
  return first;
};

/** Statements in lines: each begins with `undo` and goes on with `more`. */
function undoOf(lines: readonly Line[]): string[] {
  const statements: string[][] = [];
  for (const line of lines) {
    if (line.key === "undo") statements.push([decoded(line)]);
    if (line.key !== "more") continue;
    const last = statements.at(-1);
    if (last === undefined) throw new Wrong("there is no `-- zmigrate:undo` that this goes on with", line.span.start);
    last.push(line.text);
  }
  return statements.map((parts) => parts.join("\n"));
}

const KINDS: readonly Step["kind"][] = ["ddl", "backfill", "validate", "verify"];
const STAGES: readonly NonNullable<Step["stage"]>[] = ["swap", "drop"];

function headOf({ head }: Part): Pick<Step, "id" | "kind" | "stage"> {
  const [id = "", kindName, stageName, ...more] = head.text.trim().split(" ");
  const kind = KINDS.find((k) => k === kindName);
  const stage = STAGES.find((s) => s === stageName) ?? null;
  if (id === "" || kind === undefined || more.length > 0 || (stageName !== undefined && stage === null))
    throw new Wrong("a step is an id, a kind and in the contract phase swap or drop", head.span.start);
  return { id, kind, stage };
}

/** The one statement that a backfill or a verification has. */
function oneSql({ head, statements }: Part): string {
  const [first, ...more] = statements;
  if (first === undefined || more.length > 0)
    throw new Wrong("a step that moves or compares rows has one statement", head.span.start);
  return first.sql;
}

type Fields = Readonly<Record<string, unknown>>;

function backfillOf(engine: Engine, part: Part, fields: Fields): BackfillWork {
  const work = fields.backfill as Omit<BackfillWork, "where">;
  if (work.statement !== undefined) return { ...work, where: readCondition(work.statement, oneSql(part)) };
  return { ...work, ...readBackfill(engine, work.relation, oneSql(part)) };
}

function verifyOf(engine: Engine, part: Part, fields: Fields, before: readonly Step[]): Step["verify"] {
  const { repair, ...others } = fields.verify as Omit<NonNullable<Step["verify"]>, "mismatch" | "repair"> & {
    readonly repair?: BackfillWork | string;
  };
  const mismatch = readVerify(engine, others.relation, oneSql(part));
  const given = { ...others, mismatch };
  if (repair === undefined) return given;
  const meant = typeof repair === "string" ? before.find((s) => s.id === repair)?.backfill : repair;
  if (meant == null) throw new Wrong(`there is no backfill ${String(repair)} before this`, part.head.span.start);
  return { ...given, repair: meant };
}

function phaseAt({ directives }: Migration, { span }: Line): Step["phase"] {
  const last = directives.findLast((d) => d.kind === "phase" && d.span.end <= span.start);
  if (last?.kind !== "phase") throw new Wrong("a step stands behind `-- zmigrate:phase`", span.start);
  return last.phase;
}

function stepOf(migration: Migration, engine: Engine, part: Part, before: readonly Step[]): Step {
  const { head, lines, statements } = part;
  const { sum: _, ...fields } = object(only(lines, "with", head).text, only(lines, "with", head));
  const phase = phaseAt(migration, head);
  const given = { ...headOf(part), phase, reason: decoded(only(lines, "why", head)), undo: undoOf(lines) };
  if (before.some((s) => s.id === given.id)) throw new Wrong(`there are two steps ${given.id}`, head.span.start);
  if ((phase === "contract") !== (given.stage !== null))
    throw new Wrong("swap and drop are in the contract phase, and nothing else is", head.span.start);
  if ("backfill" in fields) return withDefaults({ ...fields, ...given, backfill: backfillOf(engine, part, fields) });
  if ("verify" in fields) return withDefaults({ ...fields, ...given, verify: verifyOf(engine, part, fields, before) });
  return withDefaults({ ...fields, ...given, sql: statements.map((s) => s.sql) });
}

/** Each `step` line with what stands behind it, up to the next one. */
function partsOf(lines: readonly Line[], statements: readonly Statement[]): Part[] {
  const heads = lines.filter((l) => l.key === "step");
  const first = heads[0]?.span.start ?? Number.POSITIVE_INFINITY;
  const stray = statements.find((s) => s.span.start < first);
  if (stray !== undefined) throw new Wrong("this statement belongs to no step", stray.span.start);
  return heads.map((head, at) => {
    const end = heads[at + 1]?.span.start ?? Number.POSITIVE_INFINITY;
    const within = ({ span }: Line | Statement) => span.start > head.span.start && span.start < end;
    return { head, lines: lines.filter(within), statements: statements.filter(within) };
  });
}

const textsOf = (lines: readonly Line[], key: Line["key"]): string[] => lines.filter((l) => l.key === key).map(decoded);

type Head = "engine" | "version" | "source" | "sum";

function read(migration: Migration, lines: readonly Line[], engine: Engine): WrittenPlan {
  const [top] = lines;
  if (top === undefined) throw new Wrong("the line `-- zmigrate:written` is missing", 0);
  const head = object(only(lines, "written", top).text, only(lines, "written", top));
  const { engine: name, version, source, sum: made, ...others } = head as Readonly<Record<Head, string>>;
  if (made !== sumOf([originalText(migration.text) ?? ""]))
    throw new Wrong("what the file was before was edited, and its steps do not follow", 0);
  const steps: Step[] = [];
  const edited: { step: string; statements: readonly Statement[] }[] = [];
  for (const part of partsOf(lines, migration.statements)) {
    const next = stepOf(migration, engine, part, steps);
    const { sum } = object(only(part.lines, "with", part.head).text, part.head);
    if (sum !== sumOf(part.statements.map((s) => s.sql))) edited.push({ step: next.id, statements: part.statements });
    steps.push(next);
  }
  const leaves = textsOf(lines, "leaves");
  const rest = others as unknown as Omit<WrittenPlan["plan"], "steps" | "gates" | "notes" | "leaves">;
  const said = { notes: textsOf(lines, "note"), ...(leaves.length === 0 ? {} : { leaves }) };
  return { engine: name, version, source, plan: { ...rest, steps, gates: gatesOf(migration), ...said }, edited };
}

/**
 * The steps of a file that `plan --write` has put into phases.
 *
 * @param migration the file with the statements and directives of its steps
 * @throws ZmigrateError bad-directive at the first line that cannot be
 */
export function readWritten(migration: Migration, engine: Engine): WrittenPlan {
  const lines = migration.directives.filter((d) => d.kind === "written");
  const kept = lines.filter((l) => l.key !== "from");
  try {
    return Object.freeze(read(migration, kept, engine));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const at = error instanceof Wrong ? error.at : (kept.find((l) => l.key === "step")?.span.start ?? 0);
    throw badDirective(migration.file, migration.text, at, { reason: error.message, help: HELP });
  }
}

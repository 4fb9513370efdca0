import type { BatchSetting, Directive, GateSetting } from "../model/directive.js";
import type { Migration } from "../model/migration.js";
import type { Operation } from "../model/operation.js";
import type { PhaseName } from "../model/phase.js";
import type { Span } from "../model/span.js";
import type { Statement } from "../model/statement.js";
import { badDirective } from "./directives.js";

/** A parsed file as far as scopes need it. */
export type Scoped = Pick<Migration, "file" | "text" | "statements" | "directives">;

/** What a directive is about. */
export type Scope =
  | { readonly kind: "file" }
  /** Every statement that begins at or behind `start`, up to the next phase directive. */
  | { readonly kind: "rest"; readonly start: number }
  | { readonly kind: "statement"; readonly statement: Statement }
  | { readonly kind: "operation"; readonly operation: Operation };

/** About the file as a whole, wherever they stand in it. */
const OF_FILE: ReadonlySet<Directive["kind"]> = new Set(["gate", "imported", "written"]);

export const isOfFile = ({ kind }: Directive): boolean => OF_FILE.has(kind);

/**
 * What a directive is about: `gate` and `imported` the file, `phase` everything behind it, `ignore` the next statement, the others the
 * next operation.
 *
 * @throws ZmigrateError bad-directive when nothing that it could be about comes after it
 */
export function scopeOf(migration: Scoped, directive: Directive): Scope {
  if (isOfFile(directive)) return { kind: "file" };
  const next = indexFrom(migration.statements, directive.span.end);
  const statement = migration.statements[next];
  const inside = holds(migration.statements[next - 1]?.span, directive.span);
  if (directive.kind === "phase" || directive.kind === "ignore") {
    if (inside) throw error(migration, directive, INSIDE);
    if (statement === undefined) throw error(migration, directive, NOTHING);
    return directive.kind === "phase"
      ? { kind: "rest", start: statement.span.start }
      : { kind: "statement", statement };
  }
  const operation = nextOperation(migration, directive);
  if (operation === undefined) throw error(migration, directive, inside ? INSIDE : NOTHING);
  return { kind: "operation", operation };
}

/**
 * Checks that every directive is about something, and that no two say the same thing of one operation.
 *
 * @throws ZmigrateError bad-directive
 */
export function checkScopes(migration: Scoped): void {
  const said = new Map<string, Set<unknown>>();
  for (const directive of migration.directives) {
    const scope = scopeOf(migration, directive);
    const subject = scope.kind === "operation" ? scope.operation : nameInFile(directive);
    if (subject === null) continue;
    const subjects = said.get(directive.kind) ?? new Set();
    if (subjects.has(subject)) throw error(migration, directive, TWICE);
    said.set(directive.kind, subjects.add(subject));
  }
}

/** The phase that the author gave a statement; null when the file is not split by hand at that place. */
export function phaseOf(migration: Scoped, statement: Statement): PhaseName | null {
  let phase: PhaseName | null = null;
  for (const directive of migration.directives) {
    if (directive.kind === "phase" && directive.span.end <= statement.span.start) phase = directive.phase;
  }
  return phase;
}

/** What directives say of one operation. */
export interface OperationDirectives {
  readonly up: string | null;
  readonly down: string | null;
  readonly fill: string | null;
  readonly batch: BatchSetting | null;
}

/** The directives whose next operation is this one. */
export function directivesOf(migration: Scoped, operation: Operation): OperationDirectives {
  const mine = migration.directives.filter((directive) => nextOperation(migration, directive) === operation);
  const text = (kind: "up" | "down" | "fill"): string | null =>
    mine.flatMap((directive) =>
      directive.kind === kind && "expression" in directive ? [directive.expression] : [],
    )[0] ?? null;
  const batch = mine.flatMap((directive) => (directive.kind === "batch" ? [directive.batch] : []))[0] ?? null;
  return Object.freeze({ up: text("up"), down: text("down"), fill: text("fill"), batch });
}

/** The gates that the file asks for. */
export function gatesOf(migration: Scoped): readonly GateSetting[] {
  return migration.directives.flatMap((directive) => (directive.kind === "gate" ? [directive.gate] : []));
}

/** Inside a statement only its own operations count: what stands in one must not slip to the next. */
function nextOperation(migration: Scoped, directive: Directive): Operation | undefined {
  const next = indexFrom(migration.statements, directive.span.end);
  const before = migration.statements[next - 1];
  const statement = holds(before?.span, directive.span) ? before : migration.statements[next];
  return statement?.operations.find((operation) => operation.span.start >= directive.span.end);
}

/** Index of the first statement that begins at or behind an offset; the statements are in order. Logarithmic. */
export function indexFrom(statements: readonly Statement[], offset: number): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((statements[middle]?.span.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two soak gates contradict each other; several queries, and flags, add up. */
function nameInFile(directive: Directive): string | null {
  if (directive.kind === "imported") return directive.kind;
  if (directive.kind !== "gate" || directive.gate.name === "sql") return null;
  const { name, setting } = directive.gate;
  return name === "flag" ? `${name} ${setting}` : name;
}

const holds = (outer: Span | undefined, inner: Span): boolean =>
  outer !== undefined && outer.start < inner.start && inner.end <= outer.end;

const INSIDE = "this directive stands inside a statement";
const NOTHING = "no statement comes after this directive";
const TWICE = "the same directive was given before for the same thing";

function error(migration: Scoped, directive: Directive, reason: string): Error {
  const help = "Put it once, on a line of its own before the statement it is about, or remove it.";
  return badDirective(migration.file, migration.text, directive.span.start, { reason, help });
}

import type { ColumnDef, Constraint } from "libpg-query";
import type { ColumnDefinition } from "../../../../model/operation.js";
import { bodies, strings } from "../ast.js";
import { bracketed, findKeyword, type Run, type Source, textOf, tokenAt } from "../source.js";
import { foreignKeyTarget } from "./foreign-key.js";

/** One clause of a column: a constraint with the tokens that are its. */
interface Clause {
  readonly constraint: Constraint;
  readonly run: Run;
  /** False for what `NOT ENFORCED` stands behind. */
  readonly enforced: boolean;
  /** ` DEFERRABLE INITIALLY DEFERRED`, as the server prints it; empty for what is asked at once. */
  readonly deferrable: string;
}

const SERIALS = new Set(["serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"]);

/**
 * A column as CREATE TABLE and ADD COLUMN define it. `run` is the definition, from its name on. `notNull` is true as
 * well for what implies it: a primary key, an identity, a serial type.
 */
export function columnDefinition(source: Source, def: ColumnDef, run: Run): ColumnDefinition {
  const clauses = clausesOf(source, def, run);
  const identity = identityOf(clauses);
  const autoIncrement = isSerial(def);
  const primaryKey = has(clauses, "CONSTR_PRIMARY");
  return Object.freeze({
    name: def.colname ?? "",
    type: typeOf(source, def, run),
    notNull: has(clauses, "CONSTR_NOTNULL") || primaryKey || identity !== null || autoIncrement,
    default: defaultOf(source, clauses),
    collation: strings(def.collClause?.collname).at(-1) ?? null,
    characterSet: null,
    generated: generatedOf(source, clauses),
    identity,
    autoIncrement,
    primaryKey,
    unique: has(clauses, "CONSTR_UNIQUE"),
    ...keyNames(clauses),
    ...deferrableKeys(clauses),
    checks: checksOf(source, clauses),
    references: referencesOf(source, clauses),
    comment: null,
    onUpdate: null,
    text: textOf(source, run),
  });
}

/** What columns and domains are written with. */
type Clauses = Pick<ColumnDef, "constraints" | "collClause">;

/** The DEFAULT of a column's or domain's definition; null for none. */
export const writtenDefault = (source: Source, def: Clauses, run: Run): string | null =>
  defaultOf(source, clausesOf(source, def, run));

/** The offsets at which a definition's clauses begin. DEFERRABLE and the like belong to the clause before them. */
function clauseStarts(source: Source, def: Clauses): number[] {
  const constraints = bodies(def.constraints, "Constraint").filter((c) => !isAttribute(c));
  const locations = constraints.map((c) => c.location ?? 0);
  if (def.collClause?.location !== undefined) locations.push(def.collClause.location);
  return locations.map((l) => source.at(l)).sort((a, b) => a - b);
}

function clausesOf(source: Source, def: Clauses, run: Run): Clause[] {
  const starts = clauseStarts(source, def);
  const constraints = bodies(def.constraints, "Constraint");
  return constraints.flatMap((constraint, i) => {
    if (isAttribute(constraint)) return [];
    const start = source.at(constraint.location ?? 0);
    const next = starts.find((s) => s > start);
    const to = next === undefined ? run.to : tokenAt(source.tokens, next);
    const attributes = attributesBehind(constraints, i);
    const enforced = !attributes.includes("CONSTR_ATTR_NOT_ENFORCED");
    const own = { from: tokenAt(source.tokens, start), to };
    return [{ constraint, run: own, enforced, deferrable: deferrableBy(attributes) }];
  });
}

function deferrableBy(attributes: readonly Constraint["contype"][]): string {
  const later = attributes.includes("CONSTR_ATTR_DEFERRED");
  if (!later && !attributes.includes("CONSTR_ATTR_DEFERRABLE")) return "";
  return later ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

/** The attributes that follow a clause up to the next one: they are its. */
function attributesBehind(constraints: readonly Constraint[], index: number): Constraint["contype"][] {
  const behind = constraints.slice(index + 1);
  const end = behind.findIndex((c) => !isAttribute(c));
  return (end < 0 ? behind : behind.slice(0, end)).map((c) => c.contype);
}

function isAttribute(constraint: Constraint): boolean {
  return constraint.contype?.startsWith("CONSTR_ATTR_") ?? false;
}

/** The type's tokens end where the first clause begins, or STORAGE, COMPRESSION or OPTIONS in front of it. */
function typeOf(source: Source, def: ColumnDef, run: Run): string {
  if (def.typeName?.location === undefined) return "";
  const first = clauseStarts(source, def)[0];
  const from = tokenAt(source.tokens, source.at(def.typeName.location));
  const to = first === undefined ? run.to : tokenAt(source.tokens, first);
  // The type's own first token can be one of these words: they are not reserved.
  const setting = findKeyword(source, { from: from + 1, to }, "STORAGE", "COMPRESSION", "OPTIONS");
  return textOf(source, { from, to: setting ?? to });
}

function isSerial(def: ColumnDef): boolean {
  const names = strings(def.typeName?.names);
  return names.length === 1 && SERIALS.has(names[0] ?? "");
}

function clause(clauses: readonly Clause[], kind: Constraint["contype"]): Clause | null {
  return clauses.find((c) => c.constraint.contype === kind) ?? null;
}

function has(clauses: readonly Clause[], kind: Constraint["contype"]): boolean {
  return clause(clauses, kind) !== null;
}

function keyNames(clauses: readonly Clause[]): Pick<ColumnDefinition, "keyNames"> {
  const primaryKey = clause(clauses, "CONSTR_PRIMARY")?.constraint.conname ?? null;
  const unique = clause(clauses, "CONSTR_UNIQUE")?.constraint.conname ?? null;
  return primaryKey === null && unique === null ? {} : { keyNames: Object.freeze({ primaryKey, unique }) };
}

function deferrableKeys(clauses: readonly Clause[]): Pick<ColumnDefinition, "deferrableKeys"> {
  const primaryKey = clause(clauses, "CONSTR_PRIMARY")?.deferrable ?? "";
  const unique = clause(clauses, "CONSTR_UNIQUE")?.deferrable ?? "";
  return primaryKey === "" && unique === "" ? {} : { deferrableKeys: Object.freeze({ primaryKey, unique }) };
}

function defaultOf(source: Source, clauses: readonly Clause[]): string | null {
  const found = clause(clauses, "CONSTR_DEFAULT");
  if (found === null) return null;
  const keyword = findKeyword(source, found.run, "DEFAULT") ?? found.run.from;
  return textOf(source, { from: keyword + 1, to: found.run.to });
}

function identityOf(clauses: readonly Clause[]): ColumnDefinition["identity"] {
  const found = clause(clauses, "CONSTR_IDENTITY");
  if (found === null) return null;
  return found.constraint.generated_when === "a" ? "always" : "by default";
}

function generatedOf(source: Source, clauses: readonly Clause[]): ColumnDefinition["generated"] {
  const found = clause(clauses, "CONSTR_GENERATED");
  if (found === null) return null;
  const kind = found.constraint.generated_kind === "s" ? "stored" : "virtual";
  return Object.freeze({ kind, expression: bracketedText(source, found.run) });
}

function checksOf(source: Source, clauses: readonly Clause[]): ColumnDefinition["checks"] {
  const checks = clauses.filter((c) => c.constraint.contype === "CONSTR_CHECK");
  return Object.freeze(
    checks.map((c) =>
      Object.freeze({
        name: c.constraint.conname ?? null,
        expression: bracketedText(source, c.run),
        ...(c.enforced ? {} : { enforced: false }),
      }),
    ),
  );
}

function bracketedText(source: Source, run: Run): string {
  const inside = bracketed(source, run);
  return inside === null ? "" : textOf(source, inside);
}

function referencesOf(source: Source, clauses: readonly Clause[]): ColumnDefinition["references"] {
  const found = clause(clauses, "CONSTR_FOREIGN");
  return found === null ? null : foreignKeyTarget(source, found.constraint, found.run);
}

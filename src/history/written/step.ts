import type { Engine } from "../../engines/engine.js";
import { step as withDefaults } from "../../engines/step.js";
import { exactly } from "../../exactly.js";
import { checksum } from "../../files/text.js";
import type { RelationName } from "../../model/name.js";
import type { BackfillWork, Step, VerifyWork, WrittenChange } from "../../model/step.js";

/** Fields of a step that stand in lines of their own, or in the SQL. */
const ELSEWHERE: ReadonlySet<string> = new Set(["id", "phase", "kind", "stage", "reason", "sql", "undo"]);

/** What else a step is: its fields that are not what a step has by default. */
export type Fields = Readonly<Record<string, unknown>>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The SQL of the statements, as far as an edit would change it. */
export const sumOf = (statements: readonly string[]): string => checksum(statements.join(";\n")).slice(0, 12);

/** The batch of a backfill as one statement over the whole table. */
export const backfillSql = ({ quoteRelation }: Engine, work: BackfillWork): string =>
  `UPDATE ${quoteRelation(work.relation)}\n   SET ${work.set}\n WHERE ${work.where}`;

/** The count of a verification over the whole table. */
export const verifySql = ({ quoteRelation }: Engine, work: VerifyWork): string =>
  `SELECT count(*) FROM ${quoteRelation(work.relation)}\n WHERE ${work.mismatch}`;

/** A change of rows that an author wrote, over the whole table. */
const changeSql = ({ head, tail }: WrittenChange, where: string): string =>
  `${head}\n WHERE (${where})${tail === "" ? "" : ` ${tail}`}`;

/** What stands below a step's lines. */
export function statementsOf(engine: Engine, step: Step): readonly string[] {
  if (step.backfill?.statement !== undefined) return [changeSql(step.backfill.statement, step.backfill.where)];
  if (step.backfill !== null) return [backfillSql(engine, step.backfill)];
  return step.verify === null ? step.sql : [verifySql(engine, step.verify)];
}

/** A repair that is an earlier step's backfill is told by that step's id, so that an edit of the one is one of the other. */
function verifyFields(verify: VerifyWork, before: readonly Step[]): Fields {
  const { mismatch: _, repair, ...others } = verify;
  if (repair === undefined) return others;
  const origin = before.find((s) => s.backfill !== null && same(s.backfill, repair));
  return { ...others, repair: origin === undefined ? repair : origin.id };
}

/** The fields of a step that its lines and its SQL do not say. */
export function fieldsOf(step: Step, before: readonly Step[]): Fields {
  const { id, phase, kind, stage, reason, backfill, verify } = step;
  const defaults: Fields = { ...withDefaults({ id, phase, kind, stage, reason }) };
  const differing = Object.entries(step).filter(
    ([name, value]) => !ELSEWHERE.has(name) && !same(value, defaults[name]),
  );
  const fields: Record<string, unknown> = Object.fromEntries(differing);
  if (backfill !== null) {
    const { set, where: _, ...others } = backfill;
    fields.backfill = backfill.statement === undefined ? others : { ...others, set };
  }
  if (verify !== null) fields.verify = verifyFields(verify, before);
  return fields;
}

/** Something that a written file's step says and that cannot be. */
export class Unreadable extends Error {}

/** The condition of an author's change of rows; the rest of it is bound to what the planner saw. @throws Unreadable */
export function readCondition({ head, tail }: WrittenChange, sql: string): string {
  const middle = sql.startsWith(head) && sql.endsWith(tail) ? sql.slice(head.length, sql.length - tail.length) : "";
  const [, where] = /^\s+WHERE\s+\(([\s\S]*)\)\s*$/.exec(middle) ?? [];
  if (where === undefined)
    throw new Unreadable("of a change of rows only the condition between `WHERE (` and `)` may be edited");
  return where;
}

/** The SET list and the condition of an UPDATE in the form that was written. @throws Unreadable */
export function readBackfill(engine: Engine, relation: RelationName, sql: string): Pick<BackfillWork, "set" | "where"> {
  const [operation] = engine.parse(sql).statements[0]?.operations ?? [];
  const detail = operation?.kind === "other" ? operation.detail : undefined;
  const where = detail?.kind === "data-change" && detail.verb === "update" ? detail.where : null;
  const head = new RegExp(`^UPDATE\\s+${exactly(engine.quoteRelation(relation))}\\s+SET\\s+`, "i").exec(sql)?.[0];
  if (head === undefined || where == null || !sql.endsWith(where))
    throw new Unreadable(`a backfill is \`UPDATE ${engine.quoteRelation(relation)} SET ... WHERE ...\``);
  const set = sql.slice(head.length, sql.length - where.length).replace(/\s+WHERE\s+$/i, "");
  return { set, where };
}

/** The condition of a count in the form that was written. @throws Unreadable */
export function readVerify(engine: Engine, relation: RelationName, sql: string): string {
  const name = engine.quoteRelation(relation);
  const head = new RegExp(`^SELECT\\s+count\\(\\*\\)\\s+FROM\\s+${exactly(name)}\\s+WHERE\\s+`, "i").exec(sql)?.[0];
  if (head === undefined) throw new Unreadable(`a comparison is \`SELECT count(*) FROM ${name} WHERE ...\``);
  return sql.slice(head.length);
}

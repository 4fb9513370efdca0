import { ZmigrateError } from "../errors.js";
import { PHASES } from "../model/phase.js";
import type { MigrationPlan } from "../model/plan.js";
import type { BackfillState, JOURNAL_TABLES, MigrationStatus, StepStatus, Wish } from "./schema.js";

/** A row of the journal: what it says is believed only where zmigrate can have written it. */
export interface Row {
  readonly table: (typeof JOURNAL_TABLES)[number];
  /** Its key, for people. */
  readonly row: string;
}

const allOf = <T extends string>(texts: Readonly<Record<T, true>>): ReadonlySet<string> => new Set(Object.keys(texts));

const STATUSES = allOf<MigrationStatus>({
  ...{ pending: true, expanding: true, expanded: true, backfilling: true, backfilled: true, contracting: true },
  ...{ contracted: true, "rolled-back": true, failed: true },
});
const STEP_STATUSES = allOf<StepStatus>({ pending: true, running: true, done: true, undone: true });
const STATES = allOf<BackfillState>({ running: true, paused: true, done: true });
const WISHES = allOf<Wish>({ run: true, pause: true, cancel: true });
const PHASE_NAMES: ReadonlySet<unknown> = new Set(PHASES);

/** A row that only something else than zmigrate can have written so. */
export const damaged = (of: Row, reason: string): ZmigrateError =>
  new ZmigrateError("journal-damaged", { ...of, reason });

function oneOf<T extends string>(of: Row, column: string, value: T, known: ReadonlySet<string>): T {
  if (known.has(value)) return value;
  throw damaged(of, `its ${column} is ${JSON.stringify(value)}, and may be ${[...known].join(", ")}`);
}

/** @throws ZmigrateError journal-damaged */
export const statusIn = (of: Row, status: MigrationStatus) => oneOf(of, "status", status, STATUSES);
/** @throws ZmigrateError journal-damaged */
export const stepStatusIn = (of: Row, status: StepStatus) => oneOf(of, "status", status, STEP_STATUSES);
/** @throws ZmigrateError journal-damaged */
export const stateIn = (of: Row, state: BackfillState) => oneOf(of, "state", state, STATES);
/** @throws ZmigrateError journal-damaged */
export const wishIn = (of: Row, wish: Wish) => oneOf(of, "wish", wish, WISHES);

function jsonIn(of: Row, column: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw damaged(of, `its ${column} is not JSON`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** What every plan has, whatever it is about. */
const LISTS = ["steps", "retires", "creates", "gates", "findings", "notes"] as const;

const isStep = (step: unknown): boolean =>
  isFields(step) &&
  typeof step.id === "string" &&
  PHASE_NAMES.has(step.phase) &&
  isTexts(step.sql) &&
  isTexts(step.undo) &&
  Array.isArray(step.locks);

/** What was planned, of the migration with these digits. @throws ZmigrateError journal-damaged */
export function planIn(of: Row, id: string, text: string): MigrationPlan {
  const plan = jsonIn(of, "plan", text);
  if (!isFields(plan)) throw damaged(of, "its plan is none");
  const missing = LISTS.find((list) => !Array.isArray(plan[list]));
  if (missing !== undefined) throw damaged(of, `its plan has no list of ${missing}`);
  if (plan.id !== id) throw damaged(of, `its plan is that of ${JSON.stringify(plan.id)}`);
  if (!(plan.steps as readonly unknown[]).every(isStep)) throw damaged(of, "a step of its plan is none");
  return plan as unknown as MigrationPlan;
}

/** A list of texts, as keys of rows are kept. @throws ZmigrateError journal-damaged */
export function textsIn(of: Row, column: string, text: string): string[] {
  const texts = jsonIn(of, column, text);
  if (isTexts(texts)) return texts;
  throw damaged(of, `its ${column} is no list of texts`);
}

/** The columns of a backfill's key. @throws ZmigrateError journal-damaged */
export function keyIn(of: Row, text: string): { readonly columns: string[]; readonly types: string[] } {
  const key = jsonIn(of, "key_columns", text);
  if (isFields(key) && isTexts(key.columns) && isTexts(key.types)) return { columns: key.columns, types: key.types };
  throw damaged(of, "its key_columns are no key");
}

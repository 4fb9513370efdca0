import { findTable } from "../src/engines/engine.js";
import { type CheckedRow, checkedRow } from "../src/engines/postgres/check-conditions.js";
import { addedConstraints } from "../src/engines/table-lookup.js";
import { implies, isSameText } from "../src/engines/view-condition.js";
import type { Catalog, Constraint } from "../src/model/catalog.js";
import type { AddConstraint } from "../src/model/detail/constraint.js";
import type { ViewCondition } from "../src/model/detail/view-shape.js";
import type { RelationName } from "../src/model/name.js";
import { POSTGRES, type Rule, type RuleContext, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** A CHECK that running code has written its rows under. */
interface OldCheck extends CheckedRow {
  readonly name: string;
  /** The file has dropped it so far, or the same statement does. */
  readonly gone: boolean;
}

/** The CHECKs of a table that files tell of. */
const checksIn = (catalog: Catalog, relation: RelationName): readonly Constraint[] =>
  (findTable(catalog, relation)?.constraints ?? addedConstraints(catalog, relation)).filter((c) => c.kind === "check");

function oldChecks({ operation, deployed, catalog, siblings }: RuleContext): readonly OldCheck[] {
  const { relation } = operation;
  if (relation === null) return [];
  const left = new Set(checksIn(catalog, relation).map(({ name }) => name));
  const dropped = siblings.map((one) => detailOf(one, "drop-constraint")?.name);
  return checksIn(deployed, relation).flatMap(({ name, definition }) => {
    const row = checkedRow(definition);
    return row === null ? [] : { ...row, name, gone: !left.has(name) || dropped.includes(name) };
  });
}

const holds = (old: OldCheck, condition: ViewCondition): boolean =>
  old.conditions.some((one) => implies(one, condition, () => false));

/** The condition of an old CHECK that said the same of a value, and let more of them through; null where there is none. */
function widerIn(old: OldCheck, now: ViewCondition): ViewCondition | null {
  const isAlike = (was: ViewCondition) => {
    if (!("left" in was) || !("left" in now) || !isSameText(was.left ?? "", now.left ?? "")) return false;
    if (was.kind === "bound") return now.kind === "bound" && was.sign[0] === now.sign[0];
    return was.kind === "in" ? now.kind === "in" || now.kind === "not-in" : was.kind === now.kind;
  };
  return old.conditions.find(isAlike) ?? null;
}

/** What the old condition let through, in words. */
function lostValues(was: ViewCondition, now: ViewCondition): string {
  if (was.kind === "in" && now.kind === "in") return listed(was.values.filter((value) => !now.values.includes(value)));
  if (now.kind === "not-in") {
    const allowed = was.kind === "in" ? now.values.filter((value) => was.values.includes(value)) : now.values;
    return listed(was.kind === "not-in" ? allowed.filter((value) => !was.values.includes(value)) : allowed);
  }
  return "values";
}

const listed = (values: readonly string[]): string =>
  values.map((value) => (value.startsWith('"') ? `'${value.slice(1, -1).replaceAll("'", "''")}'` : value)).join(", ");

const HELP =
  "First deploy code that writes nothing else; then put the stricter one in its place under `-- zmigrate:phase contract`. Or say with an ignore why no running code writes it.";

function narrowed(added: AddConstraint, context: RuleContext): Verdict | null {
  const now = checkedRow(`CHECK (${added.expression ?? ""})`);
  const old = oldChecks(context);
  const gained = now?.conditions.filter((condition) => !old.some((one) => holds(one, condition))) ?? [];
  if (now !== null && gained.length === 0) return null;
  for (const condition of gained) {
    for (const one of old) {
      const wider = widerIn(one, condition);
      if (wider === null) continue;
      return {
        message: `Running code may write ${lostValues(wider, condition)}, which ${context.engine.quote(one.name)} allows and this CHECK does not: such INSERTs and UPDATEs fail (23514). NOT VALID spares no row that is written.`,
        help: HELP,
      };
    }
  }
  const { name } = added.constraint;
  const shares = (one: OldCheck) => now === null || one.columns.some((column) => now.columns.includes(column));
  const replaced = old.find((one) => one.gone && (one.name === name || shares(one)));
  if (replaced !== undefined) return unseen(replaced.name, "", context);
  if (name === null || !isUnknown(name, context)) return null;
  return unseen(name, " Assumed: it allowed more, for no file tells.", context);
}

const unseen = (before: string, assumed: string, { engine }: RuleContext): Verdict => ({
  message: `This CHECK takes the place of ${engine.quote(before)}, and is not seen to allow all that this did: INSERTs and UPDATEs of running code may fail (23514).${assumed}`,
  help: HELP,
});

/** The same statement drops a constraint of the name, which no file made. */
function isUnknown(name: string, { operation, siblings, deployed }: RuleContext): boolean {
  const { relation } = operation;
  if (relation === null || findTable(deployed, relation) !== null) return false;
  if (checksIn(deployed, relation).some((one) => one.name === name)) return false;
  return siblings.some((one) => detailOf(one, "drop-constraint")?.name === name);
}

export const rule: Rule = {
  id: "narrowing-check",
  engines: POSTGRES,
  severity: "warning",
  losses: true,
  aside: true,
  protects:
    "Running code writes what the CHECK before allows: one that allows less refuses its rows, NOT VALID or not.",
  check(context) {
    const added = detailOf(context.operation, "add-constraint");
    if (added?.constraint.kind !== "check" || !added.enforced || context.phase === "contract") return null;
    return narrowed(added, context);
  },
  bad: [
    {
      sql: "ALTER TABLE users DROP CONSTRAINT users_role_check, ADD CONSTRAINT users_role_check CHECK (role IN ('admin')) NOT VALID;",
    },
  ],
  good: [
    {
      sql: "-- zmigrate:phase contract\nALTER TABLE users DROP CONSTRAINT users_role_check, ADD CONSTRAINT users_role_check CHECK (role IN ('admin')) NOT VALID;",
    },
    { sql: "ALTER TABLE users ADD CONSTRAINT users_age_check CHECK (age > 0) NOT VALID;" },
  ],
};

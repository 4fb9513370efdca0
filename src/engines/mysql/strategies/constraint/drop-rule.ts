import type { Constraint } from "../../../../model/catalog.js";
import type { DropConstraint } from "../../../../model/detail/constraint.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { Phased } from "../../../engine.js";
import { EXPAND, type Place, SWAP } from "../../../place.js";
import { sizeOf } from "../../../table-size.js";
import { quote, quoteRelation } from "../../names.js";
import { parseMysql } from "../../parse/index.js";
import { INSTANT, ONLINE } from "../algorithms.js";
import { goingWith } from "../column-claims.js";
import { alter } from "../ddl.js";
import { hasConstraint, isEnforced, not, stateOf } from "../facts.js";
import { guarded } from "../guarded.js";
import { effectAlone } from "../online.js";
import { stepWith } from "../written.js";
import { hasSuccessor, isNamed } from "./in-file.js";
import { asChange, claimsOn, phasedOf, type Subject } from "./subject.js";
import { addingUncheckedIfAbsent } from "./unchecked.js";
import { COPY, isSmall } from "./way.js";

/** What takes a rule away, and what brings it back. */
interface Way {
  readonly drop: readonly string[];
  readonly back: readonly string[];
  readonly note: string;
}

const NOT_ENFORCED = /\s+NOT\s+ENFORCED\s*$/i;

/** The condition of a CHECK as the catalog prints it: `CHECK (a > 0)`. */
export const conditionOf = ({ definition }: Constraint): string =>
  definition.replace(/^\s*CHECK\s*/i, "").replace(NOT_ENFORCED, "");

/** No row is in the way of a CHECK. */
const holds = ({ table }: Subject, check: Constraint): string =>
  `NOT EXISTS (SELECT 1 FROM ${quoteRelation(table.relation)} WHERE NOT (${conditionOf(check)}))`;

/** Holds rows to a CHECK again by copying a small table, unless one is in its way by now. */
export const enforcing = (s: Subject, check: Constraint): string[] =>
  guarded(
    `${not(isEnforced(s.table.relation, check.name))} AND ${holds(s, check)}`,
    alter(s.table.relation, `ALTER CHECK ${quote(check.name)} ENFORCED, ${COPY}`),
  );

function checkBackOnMysql(s: Subject, check: Constraint): Pick<Way, "back" | "note"> {
  const { relation } = s.table;
  const again = alter(
    relation,
    `ADD CONSTRAINT ${quote(check.name)} CHECK ${conditionOf(check)} NOT ENFORCED, ${INSTANT}`,
  );
  const back = guarded(not(hasConstraint(relation, check.name)), again);
  if (!check.validated) return { back, note: `A rollback brings ${check.name} back.` };
  if (isSmall(s.table))
    return {
      back: [...back, ...enforcing(s, check)],
      note: `A rollback brings ${check.name} back, and leaves it NOT ENFORCED while rows violate it.`,
    };
  return {
    back,
    note: `A rollback brings ${check.name} back NOT ENFORCED: to enforce it copies ${show(relation)} (${sizeOf(s.table)}) while writes wait.`,
  };
}

function checkBackOnMariadb(s: Subject, check: Constraint): Pick<Way, "back" | "note"> {
  const { relation } = s.table;
  if (!isSmall(s.table))
    return {
      back: [],
      note: `A rollback does not bring ${check.name} back: that copies ${show(relation)} (${sizeOf(s.table)}) while writes wait.`,
    };
  const again = alter(relation, `ADD CONSTRAINT ${quote(check.name)} CHECK ${conditionOf(check)}, ${COPY}`);
  return {
    back: guarded(`${not(hasConstraint(relation, check.name))} AND ${holds(s, check)}`, again),
    note: `A rollback brings ${check.name} back unless rows violate it by then.`,
  };
}

function checkWay(s: Subject, check: Constraint): Way {
  const mysql = s.context.dialect === "mysql";
  const drop = alter(s.table.relation, `DROP ${mysql ? "CHECK" : "CONSTRAINT"} ${quote(check.name)}, ${INSTANT}`);
  return { drop: [drop], ...(mysql ? checkBackOnMysql(s, check) : checkBackOnMariadb(s, check)) };
}

/** The table that a foreign key of the catalog points at. */
function targetOf(key: Constraint, s: Subject): RelationName {
  const text = alter(s.table.relation, `ADD ${key.definition}`);
  const [operation] = parseMysql(text, s.context.dialect).statements[0]?.operations ?? [];
  const detail = operation?.kind === "other" ? operation.detail : undefined;
  const found = detail?.kind === "add-constraint" ? detail.constraint.references?.relation : undefined;
  return found ?? s.table.relation;
}

function keyWay(s: Subject, key: Constraint): Way {
  const { relation } = s.table;
  const back = addingUncheckedIfAbsent(relation, { ...key, target: targetOf(key, s) }, s.context);
  return {
    drop: [alter(relation, `DROP FOREIGN KEY ${quote(key.name)}, ${ONLINE}`)],
    back,
    note: `A rollback brings ${key.name} back without a look at the rows that came meanwhile.`,
  };
}

/** Deletes or writes rows of old code's own when it deletes or writes others. */
const acts = ({ definition }: Constraint): boolean =>
  /\bON\s+(?:DELETE|UPDATE)\s+(?:CASCADE|SET\s+(?:NULL|DEFAULT))\b/i.test(definition);

function placeOf(s: Subject, constraint: Constraint): readonly [Place, string] {
  const { name } = constraint;
  if (s.context.newTable) return [EXPAND, "The table is new in this release, so no running code knows it."];
  if (isNamed(s, name, "behind") || (constraint.kind === "foreign-key" && hasSuccessor(s, constraint.columns)))
    return [SWAP, `Another one comes in the place of ${name} in the contract: until then this one holds.`];
  if (constraint.kind === "foreign-key" && acts(constraint))
    return [SWAP, "Old code may rely on what the key deletes or writes by itself, so it stays until that is gone."];
  const early: Place = isNamed(s, name, "before") ? SWAP : EXPAND;
  return [early, "Who keeps to it goes on as before; new code need not."];
}

/** A CHECK or a foreign key: old code does without what only forbids. */
export function dropRule(_: DropConstraint, s: Subject, constraint: Constraint): Phased {
  const { kind, name, columns } = constraint;
  const { relation } = s.table;
  const way = kind === "check" ? checkWay(s, constraint) : keyWay(s, constraint);
  const [place, reason] = placeOf(s, constraint);
  const there = hasConstraint(relation, name);
  const detail = { kind: "drop-constraint", constraint: kind, name, ifExists: false, cascade: false } as const;
  const step = stepWith(effectAlone(asChange(s.operation, detail), s.context), s.context, {
    name: "drop-constraint",
    ...place,
    sql: way.drop,
    undo: way.back,
    probe: { sql: stateOf(not(there)), repair: [] },
    reason,
  });
  return phasedOf([step], goingWith(claimsOn(relation, columns, `drops ${name}`)), [way.note]);
}

import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { generatedName, quote } from "../names.js";
import { inBackfill } from "./mark.js";
import { type Computation, computed } from "./stored.js";
import { newOf, type Trigger, trigger } from "./sync.js";
import { isDefault, misfits, omissionOf, same } from "./values.js";

/** A column that is computed from others. */
export interface Computed {
  readonly column: Column;
  readonly value: Computation;
  /** What it holds where the value is NULL; null for NULL. */
  readonly otherwise: string | null;
  /** What LOAD DATA of MySQL puts into it before the triggers where it is left out; null for NULL. */
  readonly implicit: string | null;
}

/** Two sides of a row that say the same in different columns. */
export interface Sides {
  readonly relation: RelationName;
  readonly hash: string;
  /** The new side, of old columns. */
  readonly added: readonly Computed[];
  /** The old side, of new columns; empty where the old columns stay. */
  readonly dropped: readonly Computed[];
  /** All that the new side is computed from. */
  readonly sources: readonly Column[];
}

const all = (conditions: readonly string[]): string => conditions.map((c) => `(${c})`).join(" AND ");

/** An assignment that fails leaves what it made of the value: it has to be written again. No writer fails for it. */
function set({ column, value, otherwise }: Computed, failed: string): string {
  const to = newOf(column.name);
  const assignment = computed(value, (given) => {
    const whole = otherwise === null ? given : `COALESCE(${given}, ${otherwise})`;
    return `SET ${to} = ${whole};`;
  });
  return `BEGIN DECLARE CONTINUE HANDLER FOR ${misfits(column.type)} SET ${to} = ${failed}; ${assignment} END;`;
}

const onNew = (c: Computed): string => set(c, c.otherwise ?? "NULL");
/** Where a value of the new side does not fit the old one, the old one stays as it was. */
const onOld = (c: Computed): string => set(c, `OLD.${quote(c.column.name)}`);

const isNull = ({ column }: Computed): string => `${newOf(column.name)} IS NULL`;
const kept = (column: Column): string => same(column, newOf(column.name), `OLD.${quote(column.name)}`);

/** A BINARY(4) holds four bytes, whatever it was given. */
const padded = ({ type }: Column, text: string): string =>
  /^binary\b/i.test(type) ? `CAST(${text} AS ${type})` : text;

const TEXT = /^(?:char|varchar|tinytext|text|mediumtext|longtext|enum|set|json)\b/i;

/** A constant default counts as left out, and so does what LOAD DATA fills in. A literal is padded as the column is. */
function leftOut({ column, implicit }: Computed): string {
  const omission = omissionOf(column);
  const operand = newOf(column.name);
  const given = omission.kind === "constant" ? omission.default : omission.kind === "null" ? implicit : null;
  if (given === null) return `${operand} IS NULL`;
  return TEXT.test(column.type)
    ? `${operand} IS NULL OR ${isDefault(column, operand, given)}`
    : `${operand} IS NULL OR ${operand} <=> ${padded(column, given)}`;
}

function insertBody({ added, dropped }: Sides): string {
  const back =
    dropped.length === 0 ? "" : `\n  ELSEIF ${all(dropped.map(leftOut))} THEN ${dropped.map(onNew).join(" ")}`;
  return `BEGIN
  IF ${all(added.map(isNull))} THEN ${added.map(onNew).join(" ")}${back}
  END IF;
END`;
}

/** Untouched new columns of a row that was never filled, so that the old side is not computed from half a row. */
const lazily = (c: Computed): string => `IF ${isNull(c)} AND ${kept(c.column)} THEN ${onNew(c)} END IF;`;

function updateBody({ added, dropped, sources, relation }: Sides): string {
  const olds = [...sources, ...dropped.map((d) => d.column).filter((c) => !sources.includes(c))];
  const oldKept = all(olds.map(kept));
  const newKept = all(added.map((a) => kept(a.column)));
  const unfilled = all(added.map(({ column }) => `OLD.${quote(column.name)} IS NULL`));
  const fill = added.map(onNew).join(" ");
  const forth = `IF NOT (${oldKept}) OR (${all(added.map(isNull))}) THEN ${fill} END IF;`;
  const back = `IF ${oldKept} THEN
      IF ${unfilled} THEN ${added.map(lazily).join(" ")} END IF;
      ${dropped.map(onOld).join(" ")}
    END IF;`;
  return `BEGIN
  IF NOT (${inBackfill(relation)}) THEN
    IF ${newKept} THEN ${forth}
    ${dropped.length === 0 ? "" : `ELSE ${back}`}
    END IF;
  END IF;
END`;
}

/**
 * Keeps both sides right, whoever writes, by what changed: one side written, the other follows; both written, both stay.
 * A row that was never filled is filled by whatever touches it.
 */
export function groupTriggers(sides: Sides): readonly [Trigger, Trigger] {
  const { relation, hash, added } = sides;
  const name = (event: string) => generatedName(`zmigrate_group_${event}`, added[0]?.column.name ?? "", hash);
  return [
    trigger(relation, name("insert"), "INSERT", insertBody(sides)),
    trigger(relation, name("update"), "UPDATE", updateBody(sides)),
  ];
}

/** After the swap: the parked columns follow what new code writes. What is not changed stays as exact as it was. */
export function followGroupTriggers(sides: Sides): readonly [Trigger, Trigger] {
  const { relation, hash, added, dropped } = sides;
  const name = (event: string) => generatedName(`zmigrate_follow_${event}`, added[0]?.column.name ?? "", hash);
  const newKept = all(added.map((a) => kept(a.column)));
  const update = `IF NOT (${newKept}) OR ${inBackfill(relation)} THEN ${dropped.map(onOld).join(" ")} END IF;`;
  return [
    trigger(relation, name("insert"), "INSERT", `BEGIN\n  ${dropped.map(onNew).join("\n  ")}\nEND`),
    trigger(relation, name("update"), "UPDATE", `BEGIN\n  ${update}\nEND`),
  ];
}

import type { Column } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { generatedName, quote } from "../names.js";
import { inBackfill } from "./mark.js";
import { type Computation, computed } from "./stored.js";
import { newOf, type Trigger, trigger } from "./sync.js";
import { misfits, same } from "./values.js";

/** A column that follows what a row says, whoever writes. */
export interface Derived {
  readonly relation: RelationName;
  readonly column: string;
  readonly type: string;
  readonly value: Computation;
  /** What it holds where the value is NULL or does not fit: an expression, or null for NULL. */
  readonly otherwise: string | null;
  readonly hash: string;
  readonly name: string;
  /** Follow only where this column has changed, so that what is there stays as exact as it is; null for always. */
  readonly of: Column | null;
}

/** An assignment that fails leaves what it made of the value: it has to be written again. */
const handler = ({ column, type, otherwise }: Derived): string =>
  `DECLARE CONTINUE HANDLER FOR ${misfits(type)} SET ${newOf(column)} = ${otherwise ?? "NULL"};`;

function assignment({ column, value, otherwise }: Derived): string {
  return computed(value, (given) => {
    const whole = otherwise === null ? given : `COALESCE(${given}, ${otherwise})`;
    return `SET ${newOf(column)} = ${whole};`;
  });
}

function onUpdate(derived: Derived): string {
  const { of, relation } = derived;
  const follow = assignment(derived);
  if (of === null) return follow;
  const kept = same(of, newOf(of.name), `OLD.${quote(of.name)}`);
  return `IF NOT (${kept}) OR ${inBackfill(relation)} THEN ${follow} END IF;`;
}

/** No writer fails because of a value that does not fit: it is found by the verification. */
export function deriveTriggers(derived: Derived): readonly [Trigger, Trigger] {
  const { relation, name, hash, column } = derived;
  const make = (event: "INSERT" | "UPDATE", statement: string) => {
    const called = generatedName(`zmigrate_${name}_${event.toLowerCase()}`, column, hash);
    return trigger(relation, called, event, `BEGIN\n  ${handler(derived)}\n  ${statement}\nEND`);
  };
  return [make("INSERT", assignment(derived)), make("UPDATE", onUpdate(derived))];
}

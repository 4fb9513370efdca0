import type { Column, Index } from "../../../../model/catalog.js";
import { type RelationName, show } from "../../../../model/name.js";
import { Refusal } from "../../../engine.js";
import { columnType, typeOf } from "../../effects/modify/type.js";
import { holdsAll } from "../../effects/modify/values.js";
import { type IndexParts, indexParts, partsWith } from "../../index-parts.js";
import { generatedName, quote, shortHash } from "../../names.js";
import { renameColumnInExpression } from "../../parse/rename-column.js";
import { readFrom } from "../../triggers/expression.js";
import type { Computation } from "../../triggers/stored.js";
import { placeholder } from "../literals.js";
import { refuseExpression } from "../modify/expression.js";
import type { Modify } from "../modify/subject.js";
import { lenientValue, readStored } from "../rename/lenient.js";
import { names } from "../subject.js";
import { holds } from "./conversion.js";

/** An index over the column, which the shadow gets too. */
export interface Carried {
  readonly index: Index;
  /** The key list over the shadow, and what stands behind it. */
  readonly keys: string;
  /** Its names before and after the swap. */
  readonly copy: string;
  readonly parked: string;
}

/** All that the steps of one change of type need to know. */
export interface Retype extends Modify {
  readonly relation: RelationName;
  readonly hash: string;
  readonly shadow: string;
  readonly parked: string;
  readonly indexes: readonly Carried[];
  /** What makes the shadow NOT NULL from the beginning: a default that no row keeps. Null where a value may not fit. */
  readonly lent: string | null;
  /** What an old NOT NULL column holds where no value of the new type fits; null where it may be NULL. */
  readonly lenient: string | null;
}

const needsLength = /^(?:tiny|medium|long)?(?:text|blob)$/;
const hasLength = /^\s*\(\s*\d+\s*\)/;

/** The key list of an index over the shadow. @throws Refusal where the new type takes no such index */
function keysOf(m: Modify, index: Index, parts: IndexParts, shadow: string): string {
  const { base } = typeOf(m.detail.definition.type, m.context.dialect);
  const part = parts.parts.find((p) => p.column?.name.toLowerCase() === m.old.name.toLowerCase());
  const prefixed = hasLength.test(part?.column?.rest ?? "");
  if (needsLength.test(base) !== prefixed && (needsLength.test(base) || !/char|binary/.test(base)))
    throw new Refusal(
      `The index ${index.name} of ${show(m.table.relation)} ${prefixed ? `is over the beginning of ${m.old.name}, and ${base} has none` : `would need a length over ${base} (error 1170)`}.`,
      `Drop ${index.name} in an earlier migration, and create it anew afterwards.`,
    );
  return `${partsWith(parts.parts, m.old.name, shadow)} ${parts.tail}`.trim();
}

function carriedOf(m: Modify, hash: string, shadow: string): Carried[] {
  return m.table.indexes.filter(names(m.old.name)).map((index) => {
    const parts = indexParts(index.definition, m.context.dialect);
    if (parts === null || parts.special !== null)
      throw new Refusal(
        `The index ${index.name} of ${show(m.table.relation)} is not one that can be built beside writers: ${index.definition}`,
        `Drop ${index.name} in an earlier migration, and create it anew afterwards.`,
      );
    const own = shortHash(hash, index.name);
    const name = (prefix: string) => generatedName(prefix, index.name, own);
    return {
      index,
      keys: keysOf(m, index, parts, shadow),
      copy: name("zmigrate_new"),
      parked: name("zmigrate_dropped"),
    };
  });
}

/** Every value of the old type fits the new one, so that nothing can be missing in the shadow. */
function lentTo(m: Modify): string | null {
  const { old, detail, context } = m;
  const sure = holdsAll(columnType(old, context.dialect), typeOf(detail.definition.type, context.dialect));
  const nulls = m.changes.has("not-null");
  if (!detail.definition.notNull || nulls || context.up !== null || !sure || m.changes.has("characters")) return null;
  return placeholder(detail.definition.type, context.dialect);
}

/** @throws Refusal for what cannot be carried over */
export function retypeOf(m: Modify): Retype {
  const { table, old, context } = m;
  const { relation } = table;
  for (const word of ["up", "down"] as const) {
    const text = context[word];
    if (text !== null) refuseExpression(word, text, table, context);
  }
  const hash = shortHash(context.migrationId, relation.schema ?? "", relation.name, old.name, "type");
  const shadow = generatedName("zmigrate_new", old.name, hash);
  return {
    ...m,
    relation,
    hash,
    shadow,
    parked: generatedName("zmigrate_dropped", old.name, hash),
    indexes: carriedOf(m, hash, shadow),
    lent: lentTo(m),
    lenient: lenientValue(old, context.dialect),
  };
}

/** What the shadow holds for a row, as an expression over the table's columns. */
export const upOf = ({ context, old }: Retype): string => (context.up === null ? quote(old.name) : `(${context.up})`);

/** The same when the old values stand in the parked column. */
function upOfParked(r: Retype): string {
  const { up, dialect } = r.context;
  if (up === null) return quote(r.parked);
  return `(${renameColumnInExpression(up, r.old.name, r.parked, r.relation.name, dialect)})`;
}

/** The value for the shadow in a trigger. */
export const upInTrigger = (r: Retype): Computation => readStored(upOf(r), r.table, r.context.dialect);

/** The value for the parked column in a trigger; where it is NULL, the parked one holds `lenient`. */
export function downInTrigger({ context, old, table }: Retype): Computation {
  const value =
    context.down === null ? `NEW.${quote(old.name)}` : readFrom("NEW", context.down, table, context.dialect);
  return { value, stored: [], again: value };
}

const differs = (r: Retype, column: string, value: string): string =>
  `NOT (${holds(r.detail.definition.type, quote(column), value, r.context.dialect) ?? "FALSE"})`;

/** True for a row whose shadow is not what the column makes of it. */
export const mismatch = (r: Retype): string => differs(r, r.shadow, upOf(r));

/** After the swap: true for a row that the parked column does not hold. */
export const mismatchParked = (r: Retype): string => differs(r, r.old.name, upOfParked(r));

/** The old column under its parked name. */
export const parkedColumn = (r: Retype): Column => ({ ...r.old, name: r.parked });

import type { Catalog, StoredObject } from "../../../model/catalog.js";
import { literal } from "../names.js";

/** The integer types that a sequence counts in, as the server prints them, and the last number of each. */
const LAST: Readonly<Record<string, string>> = Object.freeze({
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
});

const NEXT = /^nextval\(('(?:[^']|'')+')::regclass\)$/;
const COUNTS = /^(ALTER SEQUENCE .*? AS )(smallint|integer|bigint)( .* MAXVALUE )(\d+)( .*)$/s;

/** A sequence as one that counts in another type, where its last number is no choice of anybody's. */
function counting(sequence: StoredObject, type: string): StoredObject {
  const restore = sequence.restore?.map((text) => {
    const [, alter = "", own = "", bounds = "", last = "", rest = ""] = COUNTS.exec(text) ?? [];
    return LAST[own] === last ? `${alter}${type}${bounds}${LAST[type]}${rest}` : text;
  });
  return restore === undefined ? sequence : { ...sequence, restore };
}

/** As a default names it, for a session without a search path; quotes are only where they must be. */
const nameIn = ({ name: { schema, name } }: StoredObject): readonly string[] => {
  const part = (text: string) =>
    /^[a-z_][a-z0-9_$]*$/.test(text) ? [text, `"${text}"`] : [`"${text.replaceAll('"', '""')}"`];
  return part(schema ?? "").flatMap((s) => part(name).map((n) => literal(`${s}.${n}`).trim()));
};

/**
 * A schema whose sequences count in the type of the column that takes its numbers from them: a change of a serial's type
 * takes the sequence along, which the plain statement leaves to run out at the end of the former type.
 */
export function comparable(catalog: Catalog): Catalog {
  const types = new Map(
    catalog.tables
      .flatMap((t) => t.columns)
      .flatMap(({ default: value, type }): [string, string][] => {
        const named = NEXT.exec(value ?? "")?.[1];
        return named === undefined || LAST[type] === undefined ? [] : [[named, type]];
      }),
  );
  const objects = catalog.objects?.map((o) => {
    const type = o.object === "sequence" ? nameIn(o).flatMap((n) => types.get(n) ?? [])[0] : undefined;
    return type === undefined ? o : counting(o, type);
  });
  return objects === undefined ? catalog : { ...catalog, objects };
}

import { isOfExtension, typeName } from "../engines/postgres/effects/type-names.js";
import type { UserType } from "../model/catalog.js";
import type {
  AlterObject,
  CreateObject,
  DropObject,
  ObjectType,
  TypeAttribute,
  TypeShape,
} from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Known } from "./known.js";
import { allTables, putType, typeIn, withoutType } from "./known-tables.js";
import { qualified } from "./session.js";
import { newSchema } from "./stored-objects.js";
import { forgetTable } from "./tables.js";
import { mayName } from "./text.js";
import { withTypeRenamed } from "./type-uses.js";
import { dropReaders } from "./views.js";

/** Whether an object is one of those that a column can be of. */
export function isTypeKind(object: ObjectType): boolean {
  return object === "type" || object === "domain";
}

/** CREATE TYPE and CREATE DOMAIN. A domain over a constrained one is constrained. */
export function createType(known: Known, { name, type }: CreateObject): Known {
  if (name === null || type === undefined) return known;
  const constrained = type.constrained || (type.base !== null && isConstrained(known, type.base));
  const { kind, base, values, attributes } = type;
  const more = { ...(kind === "enum" ? { values } : {}), ...(attributes === undefined ? {} : { attributes }) };
  return putType(known, {
    relation: qualified(known, name),
    kind,
    base,
    constrained,
    ...more,
    ...defaultOf(known, type),
  });
}

/** A domain takes the default of the one that it is over as it is then, unless it has its own, if only NULL. */
function defaultOf(known: Known, { kind, base, default: own }: TypeShape): Pick<UserType, "default"> {
  if (kind !== "domain") return {};
  if (own !== undefined) return { default: own };
  const read = base === null ? null : typeName(base);
  if (base === null || read === null) return {};
  if (read.array || read.schema === "pg_catalog" || isOfExtension(read)) return { default: null };
  const under = typeIn(known, nameOf(base));
  if (under === null) return {};
  if (under.kind !== "domain") return { default: null };
  return under.default === undefined ? {} : { default: under.default };
}

function isConstrained(known: Known, base: string): boolean {
  return typeIn(known, nameOf(base))?.constrained === true;
}

/** A type's name as it is written: `s."T"`, without what stands behind it. */
function nameOf(written: string): RelationName {
  const parts = (written.match(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase(),
  );
  const dotted = /^\s*("(?:[^"]|"")*"|[^\s".(]+)\s*\./u.test(written);
  return dotted ? { schema: parts[0] ?? null, name: parts[1] ?? "" } : { schema: null, name: parts[0] ?? "" };
}

const CONSTRAINS: ReadonlySet<string> = new Set(["ADD CONSTRAINT", "SET NOT NULL"]);

/** A constraint that goes may not be the only one: the domain stays constrained, which is the worse case. */
export function applyType(known: Known, detail: AlterObject): Known {
  const { name, changes } = detail;
  const moved = newSchema(detail);
  if (name !== null && moved !== null) return renameType(known, name, { schema: moved, name: name.name });
  const type = name === null ? null : typeIn(known, name);
  if (type === null) return known;
  if (type.attributes !== undefined)
    return putType(known, { ...type, attributes: attributesAfter(type.attributes, detail) });
  if (type.values !== undefined) return putType(known, { ...type, values: valuesAfter(type.values, detail) });
  if (changes.includes("SET DEFAULT")) return putType(known, { ...type, default: detail.default ?? null });
  if (changes.includes("DROP DEFAULT")) return putType(known, { ...type, default: null });
  return changes.some((c) => CONSTRAINS.has(c)) ? putType(known, { ...type, constrained: true }) : known;
}

/** Of an enum; their order is not kept. */
function valuesAfter(before: readonly string[], { changes, values = [] }: AlterObject): readonly string[] {
  const [value = "", to = ""] = values;
  if (changes.includes("ADD VALUE")) return before.includes(value) ? before : [...before, value];
  return changes.includes("RENAME VALUE") ? before.map((one) => (one === value ? to : one)) : before;
}

/** Of a composite type. */
function attributesAfter(before: readonly TypeAttribute[], detail: AlterObject): readonly TypeAttribute[] {
  const { changes, attribute, values = [] } = detail;
  const [name = "", to = ""] = values;
  if (changes.includes("RENAME ATTRIBUTE"))
    return before.map((one) => (one.name === name ? { ...one, name: to } : one));
  if (changes.includes("DROP ATTRIBUTE")) return before.filter((one) => one.name !== name);
  if (attribute === undefined) return before;
  const others = before.map((one) => (one.name === attribute.name ? attribute : one));
  return others.includes(attribute) ? others : [...before, attribute];
}

/** The type has another name, or is in another schema, and what is of it knows it by that. */
export function renameType(known: Known, from: RelationName, to: RelationName): Known {
  const followed = withTypeRenamed(known, from, to);
  const type = typeIn(followed, from);
  return type === null ? followed : putType(withoutType(followed, from), { ...type, relation: qualified(known, to) });
}

/** With CASCADE the columns of a type go as well: tables that may have one are not certain any more. */
export function dropType(known: Known, { name, cascade }: DropObject): Known {
  if (name === null) return known;
  const left = withoutType(known, name);
  if (!cascade) return left;
  return allTables(left)
    .filter((t) => t.columns.some((c) => mayName(c.type, name.name)))
    .reduce((k, t) => forgetTable(dropReaders(k, t.relation), t.relation), left);
}

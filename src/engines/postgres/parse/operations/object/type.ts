import type { ColumnDef, CreateDomainStmt, Node } from "libpg-query";
import type { TypeAttribute, TypeShape } from "../../../../../model/detail/object.js";
import { bodies, relationFrom, relationOf, strings } from "../../ast.js";
import { findKeyword, textOf, tokenAt } from "../../source.js";
import { writtenDefault } from "../column-definition.js";
import type { Reading } from "../context.js";
import { one, type PartReader, reader } from "../part.js";
import { created } from "./create.js";

/** CREATE TYPE and CREATE DOMAIN. */
export const TYPE_READERS: readonly (readonly [string, PartReader])[] = [
  reader("CreateEnumStmt", (stmt) => {
    const values = Object.freeze(strings(stmt.vals));
    return one(null, created("type", relationFrom(strings(stmt.typeName)), { type: shape("enum", { values }) }));
  }),
  reader("CompositeTypeStmt", (stmt) =>
    one(
      null,
      created("type", relationOf(stmt.typevar ?? {}), { type: shape("composite", attributesIn(stmt.coldeflist)) }),
    ),
  ),
  reader("CreateRangeStmt", (stmt) =>
    one(null, created("type", relationFrom(strings(stmt.typeName)), { type: shape("range") })),
  ),
  reader("CreateDomainStmt", (stmt, reading) =>
    one(null, created("domain", relationFrom(strings(stmt.domainname)), { type: domainShape(stmt, reading) })),
  ),
];

const attributesIn = (defined: readonly Node[] | undefined): Pick<TypeShape, "attributes"> => ({
  attributes: Object.freeze(bodies(defined, "ColumnDef").map((each) => attributeOf(each))),
});

/** An attribute of a composite type, which is written like a column. */
export const attributeOf = ({ colname, typeName }: ColumnDef, name = ""): TypeAttribute =>
  Object.freeze({ name: colname ?? name, of: relationFrom(strings(typeName?.names)) });

function shape(kind: TypeShape["kind"], more: Partial<TypeShape> = {}): TypeShape {
  return Object.freeze({ kind, base: null, constrained: false, values: Object.freeze([]), ...more });
}

function domainShape(stmt: CreateDomainStmt, reading: Reading): TypeShape {
  const kinds = bodies(stmt.constraints, "Constraint").map((c) => c.contype);
  const constrained = kinds.includes("CONSTR_CHECK") || kinds.includes("CONSTR_NOTNULL");
  const value = writtenDefault(reading.source, stmt, reading.run);
  return shape("domain", { constrained, base: baseOf(stmt, reading), ...(value === null ? {} : { default: value }) });
}

const BEHIND_TYPE = ["COLLATE", "CONSTRAINT", "DEFAULT", "NOT", "NULL", "CHECK"];

/** The type's tokens end where the first clause begins. */
function baseOf(stmt: CreateDomainStmt, { source, run }: Reading): string | null {
  if (stmt.typeName?.location === undefined) return null;
  const from = tokenAt(source.tokens, source.at(stmt.typeName.location));
  const end = findKeyword(source, { from: from + 1, to: run.to }, ...BEHIND_TYPE);
  return textOf(source, { from, to: end ?? run.to });
}

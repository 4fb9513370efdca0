import type { AlterTableCmd, AlterTableStmt, ObjectType as Node } from "libpg-query";
import type { AlterObject, ObjectType } from "../../../../../model/detail/object.js";
import type { OperationDetail } from "../../../../../model/operation-detail.js";
import { bodies, body, kebab, relationOf } from "../../ast.js";
import { isSet, roleName } from "../../def-elem.js";
import { attributeOf } from "../object/type.js";

const OBJECTS: Partial<Readonly<Record<Node, ObjectType>>> = Object.freeze({
  OBJECT_FOREIGN_TABLE: "foreign-table",
  OBJECT_INDEX: "index",
  OBJECT_MATVIEW: "materialized-view",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_TYPE: "type",
  OBJECT_VIEW: "view",
});

/** A command of ALTER VIEW, INDEX, SEQUENCE, TYPE, ..., whose grammar is that of ALTER TABLE. */
export function alteredObject(stmt: AlterTableStmt, command: AlterTableCmd): OperationDetail | null {
  const object = OBJECTS[stmt.objtype ?? "OBJECT_TABLE"];
  if (object === undefined || stmt.relation === undefined) return null;
  const attached = body(command.def, "PartitionCmd")?.name;
  const cascade = command.behavior === "DROP_CASCADE" ? ["CASCADE"] : [];
  return {
    kind: "alter-object",
    object,
    name: relationOf(stmt.relation),
    ifExists: stmt.missing_ok ?? (object === "type" && command.missing_ok === true),
    changes: Object.freeze([changeName(object, command), ...cascade]),
    values: Object.freeze(valuesOf(command)),
    ...(object === "view" ? viewOptions(command) : {}),
    ...(object === "type" ? attributeIn(command) : {}),
    body: null,
    reads: Object.freeze(attached === undefined ? [] : [relationOf(attached)]),
  };
}

const CHANGES: Readonly<Record<string, string>> = Object.freeze({
  AT_ChangeOwner: "OWNER TO",
  AT_ClusterOn: "CLUSTER ON",
  AT_DropCluster: "SET WITHOUT CLUSTER",
  AT_SetUnLogged: "SET UNLOGGED",
  AT_SetTableSpace: "SET TABLESPACE",
  AT_SetRelOptions: "SET",
  AT_ResetRelOptions: "RESET",
  AT_GenericOptions: "OPTIONS",
  AT_AlterColumnGenericOptions: "ALTER COLUMN OPTIONS",
  AT_SetStatistics: "ALTER COLUMN SET STATISTICS",
  AT_SetStorage: "ALTER COLUMN SET STORAGE",
  AT_SetCompression: "ALTER COLUMN SET COMPRESSION",
  AT_SetOptions: "ALTER COLUMN SET",
  AT_ResetOptions: "ALTER COLUMN RESET",
  AT_SetNotNull: "ALTER COLUMN SET NOT NULL",
  AT_DropNotNull: "ALTER COLUMN DROP NOT NULL",
});

function changeName(object: ObjectType, command: AlterTableCmd): string {
  if (command.subtype === "AT_ColumnDefault") {
    return `ALTER COLUMN ${command.def === undefined ? "DROP" : "SET"} DEFAULT`;
  }
  const column = object === "type" ? "ATTRIBUTE" : "COLUMN";
  if (command.subtype === "AT_AddColumn") return `ADD ${column}`;
  if (command.subtype === "AT_DropColumn") return `DROP ${column}`;
  if (command.subtype === "AT_AlterColumnType") return `ALTER ${column} TYPE`;
  return (
    CHANGES[command.subtype ?? ""] ??
    kebab(command.subtype ?? "")
      .replaceAll("-", " ")
      .toUpperCase()
  );
}

/** The tree names the attribute whose type changes beside its definition. */
function attributeIn({ name, def }: AlterTableCmd): Pick<AlterObject, "attribute"> {
  const defined = body(def, "ColumnDef");
  return defined === null ? {} : { attribute: attributeOf(defined, name) };
}

function viewOptions({ subtype, def }: AlterTableCmd): Pick<AlterObject, "options"> {
  if (subtype !== "AT_SetRelOptions" && subtype !== "AT_ResetRelOptions") return {};
  const options = bodies(body(def, "List")?.items, "DefElem");
  const on = (name: string) => subtype === "AT_SetRelOptions" && isSet(options, name);
  return {
    options: Object.freeze(options.map(({ defname: name = "" }) => Object.freeze({ name, on: on(name) }))),
  };
}

function valuesOf(command: AlterTableCmd): string[] {
  if (command.newowner !== undefined) return [roleName(command.newowner)];
  const options = bodies(body(command.def, "List")?.items, "DefElem").map((o) => o.defname ?? "");
  const column = body(command.def, "ColumnDef")?.colname;
  return [command.name, column, ...options].filter((v): v is string => v !== undefined && v !== "");
}

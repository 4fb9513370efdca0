import type { Node } from "libpg-query";
import type { ColumnDetail } from "../../../../../model/operation-detail.js";
import { bodies, body, strings } from "../../ast.js";
import { optionValue } from "../../def-elem.js";
import { bracketed, findKeyword, textOf, tokenAt } from "../../source.js";
import { behindColumn, type Command, type CommandReader, textBehind } from "./command.js";

/** Changes of a column by their name in PostgreSQL's grammar. */
export const COLUMN_READERS: Readonly<Record<string, CommandReader>> = Object.freeze({
  AT_ColumnDefault: defaultOf,
  AT_SetNotNull: plain("set-not-null"),
  AT_DropNotNull: plain("drop-not-null"),
  AT_DropIdentity: plain("drop-identity"),
  AT_DropExpression: plain("drop-expression"),
  AT_SetExpression: expressionOf,
  AT_AlterColumnType: typeOf,
  AT_AddIdentity: addIdentity,
  AT_SetIdentity: setIdentity,
  AT_SetStatistics: single("STATISTICS"),
  AT_SetStorage: single("STORAGE"),
  AT_SetCompression: single("COMPRESSION"),
  AT_SetOptions: (c: Command) => attributeOptions(c, true),
  AT_ResetOptions: (c: Command) => attributeOptions(c, false),
});

type Plain = "set-not-null" | "drop-not-null" | "drop-identity" | "drop-expression";

function plain(kind: Plain): CommandReader {
  return ({ command }) => ({ kind, column: command.name ?? "", ifExists: command.missing_ok ?? false });
}

function defaultOf(command: Command): ColumnDetail | null {
  const column = command.command.name ?? "";
  if (command.command.def === undefined) return { kind: "drop-default", column, ifExists: false };
  const text = textBehind(command.source, behindColumn(command), "DEFAULT");
  return text === null ? null : { kind: "set-default", column, default: text, ifExists: false };
}

function expressionOf(command: Command): ColumnDetail | null {
  const inside = bracketed(command.source, behindColumn(command));
  if (inside === null) return null;
  return { kind: "set-expression", column: command.command.name ?? "", expression: textOf(command.source, inside) };
}

function typeOf({ command, source, run }: Command): ColumnDetail | null {
  const def = body(command.def, "ColumnDef");
  if (def?.typeName?.location === undefined) return null;
  const from = tokenAt(source.tokens, source.at(def.typeName.location));
  const using = findKeyword(source, { from, to: run.to }, "USING");
  const collate = findKeyword(source, { from, to: using ?? run.to }, "COLLATE");
  return {
    kind: "alter-column-type",
    column: command.name ?? "",
    type: textOf(source, { from, to: collate ?? using ?? run.to }),
    collation: strings(def.collClause?.collname).at(-1) ?? null,
    using: using === null ? null : textOf(source, { from: using + 1, to: run.to }),
  };
}

function addIdentity(read: Command): ColumnDetail {
  const { command, source } = read;
  const written = body(command.def, "Constraint");
  const generated = written?.generated_when === "a" ? "always" : "by default";
  const options = written?.options === undefined ? null : textBehind(source, behindColumn(read), "IDENTITY");
  return { kind: "add-identity", column: command.name ?? "", generated, ...(options === null ? {} : { options }) };
}

const ALWAYS = "a".charCodeAt(0);

/** `SET GENERATED ...` is one option among those of the sequence. */
function setIdentity(read: Command): ColumnDetail {
  const { command, source } = read;
  const options = bodies(body(command.def, "List")?.items, "DefElem");
  const generated = body(options.find((o) => o.defname === "generated")?.arg, "Integer")?.ival;
  const when = generated === ALWAYS ? "always" : "by default";
  const all = textOf(source, behindColumn(read));
  const own = all.replace(/\bSET\s+GENERATED\s+(?:ALWAYS|BY\s+DEFAULT)\b/i, "").trim();
  return {
    kind: "set-identity",
    column: command.name ?? "",
    generated: generated === undefined ? null : when,
    ...(own === "" ? {} : { options: own }),
  };
}

function single(option: string): CommandReader {
  return ({ command }) => ({
    kind: "set-column-option",
    column: columnName(command.name, command.num),
    option,
    // The server says STORAGE in upper case, and compression methods in lower case.
    value: option === "STORAGE" ? (textOfValue(command.def)?.toUpperCase() ?? null) : textOfValue(command.def),
  });
}

/** A column of an index has a number instead of a name. */
function columnName(name: string | undefined, number: number | undefined): string {
  return name ?? String(number ?? "");
}

function textOfValue(def: Node | undefined): string | null {
  return def === undefined ? null : optionValue({ arg: def });
}

function attributeOptions({ command }: Command, set: boolean): readonly ColumnDetail[] {
  return bodies(body(command.def, "List")?.items, "DefElem").map((option) =>
    Object.freeze({
      kind: "set-column-option",
      column: command.name ?? "",
      option: (option.defname ?? "").toUpperCase(),
      value: set ? (optionValue(option) ?? "true") : null,
    }),
  );
}

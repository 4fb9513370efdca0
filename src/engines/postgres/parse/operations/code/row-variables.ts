import type { Code } from "../../../../../model/detail/code.js";
import type { RelationName } from "../../../../../model/name.js";
import { relationFrom } from "../../ast.js";
import { at, functionOf, listOf } from "./tree.js";

/** The tables of which a PL/pgSQL function's variables hold a row, by the variables' names; null for none. */
export function rowVariables(tree: unknown): Readonly<Record<string, RelationName>> | null {
  const datums = listOf(at(functionOf(tree), "datums"));
  const rows = datums.flatMap((datum) => {
    const record = at(datum, "PLpgSQL_rec");
    const variable = record ?? at(datum, "PLpgSQL_var");
    const name = String(at(variable, "refname") ?? "");
    const type = String(at(at(at(variable, "datatype"), "PLpgSQL_type"), "typname") ?? "");
    const table = tableOf(type, record !== undefined);
    return table === null ? [] : [[name, table] as const];
  });
  return rows.length === 0 ? null : Object.freeze(Object.fromEntries(rows));
}

const CONFLICT = /^(?:\s|--.*$)*#\s*(?:\w+\s+\w+\s+#\s*)*variable_conflict\s+(use_column|use_variable)\b/im;

/** The variables and parameters of a PL/pgSQL function. @param text its body */
export function variablesOf(tree: unknown, text: string): NonNullable<Code["variables"]> {
  const datums = listOf(at(functionOf(tree), "datums"));
  const names = datums.map((datum) => at(at(datum, "PLpgSQL_rec") ?? at(datum, "PLpgSQL_var"), "refname"));
  const conflict = (CONFLICT.exec(text)?.[1]?.toLowerCase() ?? "error") as NonNullable<Code["variables"]>["conflict"];
  return Object.freeze({ names: Object.freeze(names.filter((name) => typeof name === "string")), conflict });
}

const NAME = /"((?:[^"]|"")+)"|([^\s."%]+)/g;

/** `docs%ROWTYPE`, `public."Docs"%ROWTYPE`; `docs` alone, where it is no value. */
function tableOf(type: string, isRow: boolean): RelationName | null {
  const name = type.replace(/%\s*rowtype\s*$/i, "");
  if ((name === type && !isRow) || name === "record") return null;
  return writtenName(name);
}

/** The name of a type as it is written, `public."Docs"`; null for none. */
export function writtenName(text: string): RelationName | null {
  const parts = [...text.matchAll(NAME)].map(
    ([, quoted, bare = ""]) => quoted?.replaceAll('""', '"') ?? bare.toLowerCase(),
  );
  return parts.length === 0 ? null : relationFrom(parts);
}

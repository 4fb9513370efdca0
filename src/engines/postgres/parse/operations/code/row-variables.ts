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

import type { Catalog } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";
import { codeLeftBehind, type Taken } from "../../stored-code.js";
import { broken } from "./subject.js";

const CODE = { relation: 1146, column: 1054, routine: 1305 } as const;

/** Triggers, routines and events keep names as text: what files have stored of them, and what is taken away beneath them. */
export function leftBehind(taken: Taken, catalog: Catalog): Breakage[] {
  const { name } = taken.kind === "routine" ? taken.name : taken.relation;
  const named = taken.kind === "column" ? taken.column : name;
  return codeLeftBehind(taken, catalog).map(({ who, what }) =>
    broken("both", `${who} goes on naming ${named}, and ${what} (${CODE[taken.kind]})`, "N"),
  );
}

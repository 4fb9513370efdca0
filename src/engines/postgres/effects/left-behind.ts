import type { Catalog } from "../../../model/catalog.js";
import type { Breakage } from "../../../model/effect.js";
import { show } from "../../../model/name.js";
import { codeLeftBehind, type Taken } from "../../stored-code.js";
import { broken } from "./subject.js";

const CODE = { relation: "42P01", column: "42703", routine: "42883" } as const;

/** Bodies are text to PostgreSQL, which drops what they name beneath them. */
export function leftBehind(taken: Taken, catalog: Catalog): Breakage[] {
  const named = taken.kind === "column" ? taken.column : show(taken.kind === "routine" ? taken.name : taken.relation);
  return codeLeftBehind(taken, catalog).map(({ who, what }) =>
    broken("both", `${who} goes on naming ${named}, and ${what} (${CODE[taken.kind]})`, "N"),
  );
}

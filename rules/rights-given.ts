import { sameRelation } from "../src/engines/engine.js";
import { rightsIn, schemasNamed, tablesNamed } from "../src/engines/rights.js";
import { rightsFromBeginning } from "../src/engines/table-lookup.js";
import type { Catalog } from "../src/model/catalog.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import { detailOf } from "./understood.js";

/** What a view that is made has from its beginning, and what operations behind it give: `SELECT app`. */
export function rightsGiven(view: RelationName, later: readonly Operation[], catalog: Catalog): readonly string[] {
  const schema = view.schema ?? catalog.defaultSchema ?? "";
  const isMeant = (on: string) =>
    schemasNamed(on).includes(schema) || tablesNamed(on).some((one) => sameRelation(one, view, catalog.defaultSchema));
  const granted = later.flatMap((operation) => {
    const given = detailOf(operation, "privileges");
    return given?.action === "grant" && isMeant(given.on ?? "") ? rightsIn(given) : [];
  });
  return [...rightsFromBeginning(catalog, view), ...granted];
}

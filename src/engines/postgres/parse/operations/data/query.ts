import type { LockingClause, SelectStmt } from "libpg-query";
import type { Query } from "../../../../../model/detail/data.js";
import { walk } from "../../ast.js";
import { callsIn, relationsIn } from "../../relations.js";
import { lookupsIn } from "./lookups.js";

/** What a SELECT, VALUES or TABLE reads. */
export function queryOf(select: SelectStmt): Query {
  const found = lookupsIn({ SelectStmt: select });
  return {
    kind: "query",
    reads: Object.freeze(relationsIn(select)),
    ...(found === null ? {} : { found }),
    locks: locksIn(select),
    into: null,
    calls: Object.freeze(callsIn(select)),
  };
}

/** FOR UPDATE and FOR NO KEY UPDATE keep out writers of a row; FOR SHARE and FOR KEY SHARE only some of them. */
function locksIn(select: SelectStmt): Query["locks"] {
  const strengths = new Set<string>();
  walk(select, (kind, node) => {
    if (kind === "LockingClause") strengths.add((node as LockingClause).strength ?? "");
  });
  if (strengths.has("LCS_FORUPDATE") || strengths.has("LCS_FORNOKEYUPDATE")) return "update";
  return strengths.size === 0 ? null : "share";
}

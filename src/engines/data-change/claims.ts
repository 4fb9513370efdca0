import type { DataChange } from "../../model/detail/data.js";
import type { Claim } from "../../model/plan.js";
import { showAll } from "./show.js";

const VERBS: Readonly<Record<DataChange["verb"], string>> = Object.freeze({
  insert: "fills",
  update: "updates",
  delete: "deletes from",
  replace: "replaces rows of",
  merge: "merges into",
  load: "loads",
});

/** What nothing else may rename, drop or retype while rows are on their way: whatever the statement names. */
export function claimsOf({ verb, writes, reads, walk, names: all }: DataChange): Claim[] {
  const change = `${VERBS[verb]} ${showAll(writes)}`;
  const told = walk?.names ?? all ?? ["*"];
  const names: readonly (string | null)[] = told.includes("*") ? [null] : told;
  return [...writes, ...reads].flatMap((relation) =>
    names.map((name) => ({ relation, name, change, keeps: true as const, rows: true as const })),
  );
}

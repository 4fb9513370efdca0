import type { CreateObject } from "../../../../model/detail/object.js";
import type { Breakage } from "../../../../model/effect.js";
import { sameRelation } from "../../../engine.js";
import { knownRoutines } from "../../../table-lookup.js";
import type { Subject } from "../subject.js";
import { stoppedWith } from "./trigger-writes.js";

/**
 * OR REPLACE of the function of triggers that files have made: what they refuse or lose with the new body, and did not with
 * the one before.
 */
export function replacedTriggers({ orReplace, name, routine, code }: CreateObject, { context }: Subject): Breakage[] {
  if (!orReplace || name === null || code?.trigger === undefined) return [];
  const { catalog } = context;
  const before = knownRoutines(catalog, name)?.find(({ takes }) => takes.join() === routine?.takes.join());
  if (before === undefined) return [];
  return catalog.tables.flatMap((table) =>
    table.dependents.flatMap(({ kind, name: own, trigger, off }): Breakage[] => {
      const calls = kind === "trigger" && off !== true ? trigger?.calls : undefined;
      if (trigger === undefined || calls === undefined || !sameRelation(calls, name, catalog.defaultSchema)) return [];
      const hung = { name: own, trigger, relation: table.relation, table, context };
      if (stoppedWith(before.code, hung).length > 0) return [];
      return stoppedWith(code, hung).map((breakage) => ({ ...breakage, of: table.relation, trigger: own }));
    }),
  );
}

import type { Node, VariableSetStmt } from "libpg-query";
import { bodies, body } from "../../ast.js";
import { constant } from "../session/set.js";

/**
 * The schemas in which a routine that sets search_path finds names, as SET in its definition or in ALTER says them: null where it
 * goes by its caller's from then on, undefined where nothing is said of it.
 */
export function ownPath(options: readonly Node[] | undefined): readonly string[] | null | undefined {
  const all = bodies(options, "DefElem").filter(({ defname }) => defname === "set");
  return all.reduce<readonly string[] | null | undefined>((path, { arg }) => {
    const set = setPath(body(arg, "VariableSetStmt"));
    return set === undefined ? path : set;
  }, undefined);
}

/** The schemas that one SET says; null where it takes back what was said, undefined where it is about something else. */
export function setPath(set: VariableSetStmt | null | undefined): readonly string[] | null | undefined {
  if (set?.kind === "VAR_RESET_ALL") return null;
  if (set?.name?.toLowerCase() !== "search_path") return undefined;
  if (set.kind !== "VAR_SET_VALUE") return null;
  // A literal is one name, whatever commas are in it.
  return Object.freeze((set.args ?? []).flatMap((name) => constant(name) || []));
}

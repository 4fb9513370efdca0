import type { FuncCall } from "libpg-query";
import { body, strings, walk } from "../parse/ast.js";
import { expressionTree } from "./trees.js";

/**
 * The setting of an application's own that an expression cannot do without: null where it names none, or takes NULL for one
 * that is not set.
 *
 * @example unsetSetting("current_setting('app.tenant')") // app.tenant
 */
export function unsetSetting(expression: string): string | null {
  if (!/current_setting/i.test(expression)) return null;
  let found: string | null = null;
  walk(expressionTree(expression), (kind, node) => {
    if (kind !== "FuncCall") return;
    const { funcname, args = [] } = node as FuncCall;
    const name = body(args[0], "A_Const")?.sval?.sval ?? "";
    if (strings(funcname).at(-1) === "current_setting" && args.length === 1 && name.includes(".")) found ??= name;
  });
  return found;
}

/** What an INSERT meets that leaves such a column out. */
export const unsetWhy = (column: string, setting: string): string =>
  `an INSERT that does not name ${column} fails (42704) in a session that has not set ${setting}: current_setting('${setting}', true) is NULL there`;

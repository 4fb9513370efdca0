import type { StrategyContext } from "../../../engine.js";
import { generatedName, shortHash } from "../../names.js";
import { isAbout } from "./in-file.js";
import type { Named } from "./known.js";

/** Whether the file drops several of one name, which are told apart by their parameters. */
const isShared = (named: Named, context: StrategyContext): boolean =>
  context.file.filter(({ operation }) => isAbout(named, "drop-object", context)(operation)).length > 1;

/**
 * The name that an object has between the swap and the drop: the same for all statements of one migration.
 *
 * @param parameters of a routine, in brackets; empty where none are told
 */
export function parkedName(named: Named, context: StrategyContext, parameters = ""): string {
  const { object, name } = named;
  const more = parameters !== "" && isShared(named, context) ? [parameters] : [];
  const hash = shortHash(context.migrationId, object, name.schema ?? "", name.name, ...more);
  return generatedName("zmigrate_dropped", name.name, hash);
}

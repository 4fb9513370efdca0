import type { StrategyContext } from "../../../engine.js";
import { generatedName, shortHash } from "../../names.js";
import type { Named } from "./known.js";

/**
 * The name that an object has between the swap and the drop: the same for all statements of one migration.
 *
 * @param parameters of a routine where the file drops another one of its name, too
 */
export function parkedName({ object, name }: Named, { migrationId }: StrategyContext, parameters = ""): string {
  const more = parameters === "" ? [] : [parameters];
  const hash = shortHash(migrationId, object, name.schema ?? "", name.name, ...more);
  return generatedName("zmigrate_dropped", name.name, hash);
}

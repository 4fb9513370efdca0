import type { StrategyContext } from "../../../engine.js";
import { generatedName, shortHash } from "../../names.js";
import type { Named } from "./known.js";

/** The name that an object has between the swap and the drop: the same for all statements of one migration. */
export const parkedName = ({ object, name }: Named, { migrationId }: StrategyContext): string =>
  generatedName("zmigrate_dropped", name.name, shortHash(migrationId, object, name.schema ?? "", name.name));

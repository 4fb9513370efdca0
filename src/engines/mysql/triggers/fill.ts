import type { RelationName } from "../../../model/name.js";
import { generatedName } from "../names.js";
import { newOf, type Trigger, trigger } from "./sync.js";

/** What takes the place of NULL. */
export interface Filling {
  readonly relation: RelationName;
  readonly column: string;
  /** An expression over the new row, as `readFrom` makes it. */
  readonly fill: string;
  readonly hash: string;
}

/**
 * Gives NULLs of writers who know no better a value. A writer does not fail where the fill does: NULL stays, and is
 * found by the verification. It has to be written again, since an assignment that fails leaves what it made of the value
 * (0 of a text).
 */
export function fillTriggers({ relation, column, fill, hash }: Filling): readonly [Trigger, Trigger] {
  const name = (event: string) => generatedName(`zmigrate_fill_${event}`, column, hash);
  const body = `BEGIN
  DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET ${newOf(column)} = NULL;
  IF ${newOf(column)} IS NULL THEN SET ${newOf(column)} = ${fill}; END IF;
END`;
  return [trigger(relation, name("insert"), "INSERT", body), trigger(relation, name("update"), "UPDATE", body)];
}

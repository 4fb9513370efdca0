import type { RelationName } from "../../../model/name.js";
import { show } from "../../../model/name.js";
import type { Operation } from "../../../model/operation.js";
import { findTable, Refusal } from "../../engine.js";
import { settingsOf } from "../../settings-before.js";
import { isMadeInMode } from "../server-mode.js";
import { settingAt } from "../session-settings.js";
import type { MysqlContext } from "./algorithms.js";
import { beside } from "./in-file.js";

const isStrict = (mode: string): boolean =>
  /\b(?:STRICT_TRANS_TABLES|STRICT_ALL_TABLES|TRADITIONAL)\b/i.test(mode) && !/\bNO_AUTO_VALUE_ON_ZERO\b/i.test(mode);

/** Foreign keys hold its rows, or rows of others to it; so they may where it is not known. */
function isKeyed(relation: RelationName, { catalog }: MysqlContext): boolean {
  const table = findTable(catalog, relation);
  return table === null || table.referencedBy.length > 0 || table.constraints.some((c) => c.kind === "foreign-key");
}

/** The table by whose missing or pointing foreign keys the server asks only while it checks them; null for none. */
function needsUnchecked(operation: Operation, context: MysqlContext): RelationName | null {
  if (operation.kind === "create-table") {
    const targets = operation.constraints.flatMap((c) => c.references?.relation ?? []);
    return targets.find((t) => t.name !== operation.relation.name && findTable(context.catalog, t) === null) ?? null;
  }
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "data-change") return detail.writes.find((w) => isKeyed(w, context)) ?? null;
  return null;
}

/**
 * The settings of a file are left out: what would be another thing without them is refused.
 *
 * @throws Refusal
 */
export function refuseUnderSettings(operation: Operation, context: MysqlContext): void {
  const before = settingsOf(beside(operation, context, "before"));
  if (before.length === 0) return;
  const unchecked = /^(?:0|off)$/i.test(settingAt("foreign_key_checks", before) ?? "1");
  const keyed = unchecked ? needsUnchecked(operation, context) : null;
  if (keyed !== null)
    throw new Refusal(
      `This runs with FOREIGN_KEY_CHECKS = 0 in the file, and zmigrate's steps check foreign keys: what it does to ${show(keyed)} may be refused, or cascade, then.`,
      "Leave the SET out, and write the statements in an order that keeps to the foreign keys: what is pointed at first.",
    );
  const mode = settingAt("sql_mode", before);
  const detail = operation.kind === "other" ? operation.detail : undefined;
  const ofMode =
    (detail?.kind === "data-change" && !isStrict(mode ?? "TRADITIONAL")) ||
    (detail?.kind === "create-object" && isMadeInMode(detail.object));
  if (mode === null || !ofMode) return;
  throw new Refusal(
    `This means another thing by the sql_mode that the file sets ('${mode}'), which zmigrate's steps do not have.`,
    "Leave the SET out: rows are written in strict mode, and what has a body is made in the server's own mode.",
  );
}

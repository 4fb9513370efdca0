import { type Engine, findTable } from "../engines/engine.js";
import { isBeginning, isNamed, mayHaveRoutine } from "../engines/table-lookup.js";
import { mayName } from "../history/text.js";
import type { Catalog } from "../model/catalog.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { withAssumed } from "./check.js";
import { ROUTINES } from "./made-names.js";
import type { Source } from "./source.js";
import type { Found } from "./suppress.js";

/**
 * What an operation makes IF NOT EXISTS, or OR REPLACE, where nothing in front tells whether it was there: files have made no
 * table, and have not named this one. The file may be the first of its history, or the base may be elsewhere.
 *
 * @param known the schema before it
 */
export function firstMade(operation: Operation, known: Catalog): readonly RelationName[] {
  if (operation.kind === "create-table")
    return operation.ifNotExists && isFirstTable(operation.relation, known) ? [operation.relation] : [];
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "opaque") return detail.code?.operations.flatMap((one) => firstMade(one.operation, known)) ?? [];
  if (detail?.kind !== "create-object" || detail.name === null || !(detail.orReplace || detail.ifNotExists)) return [];
  const { object, name } = detail;
  return ROUTINES.has(object) && isBeginning(known) && !mayHaveRoutine(known, object, name) ? [name] : [];
}

const isFirstTable = (relation: RelationName, known: Catalog): boolean =>
  isBeginning(known) && findTable(known, relation) === null && !isNamed(known, relation.name);

/**
 * What is found where a file may be the first to make something. What holds only where that was there says so, and is a warning
 * at most: the text says that it is new.
 *
 * @param there what is found where it was there
 * @param asNew what is found where it was not
 * @param made what it is
 */
export function assumingThere(
  there: readonly Found[],
  asNew: readonly Found[],
  made: readonly RelationName[],
  source: Source,
  engine: Pick<Engine, "quoteRelation">,
): readonly Found[] {
  const keyOf = ({ finding }: Found) => `${finding.rule}\0${finding.span.start}\0${finding.message}`;
  const certain = new Set(asNew.map(keyOf));
  return there.map((found) => {
    if (certain.has(keyOf(found))) return found;
    const { statement, finding } = found;
    const text = source.text.slice(statement.span.start, statement.span.end);
    const named = made.filter(({ name }) => mayName(text, name));
    const assumed = (named.length === 0 ? made : named).map((one) => `${engine.quoteRelation(one)} is there already`);
    const severity = finding.severity === "error" ? "warning" : finding.severity;
    const message = withAssumed(finding.message, [...new Set(assumed)]);
    return { ...found, finding: Object.freeze({ ...finding, severity, message }) };
  });
}

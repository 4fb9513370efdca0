import { scopeOf } from "../files/scope.js";
import type { Directive } from "../model/directive.js";
import type { Finding } from "../model/finding.js";
import type { RelationName } from "../model/name.js";
import type { DropColumn, Operation } from "../model/operation.js";
import type { DetailKind } from "../model/operation-detail.js";
import { inputFinding } from "./finding.js";
import type { Source } from "./source.js";

type Uses = (operation: Operation, source: Source) => boolean;

/** True for a statement that is known by its first words alone, too: the plan says what it thinks of that. */
const isOther = (operation: Operation, kinds: ReadonlySet<DetailKind>): boolean =>
  operation.kind === "other" && (operation.detail === undefined || kinds.has(operation.detail.kind));

const RETYPES: ReadonlySet<DetailKind> = new Set(["alter-column-type", "modify-column"]);
const TAKES_NO_NULL: ReadonlySet<DetailKind> = new Set(["set-not-null", "modify-column"]);

/** A primary key makes its columns NOT NULL. */
const addsPrimaryKey = (o: Operation): boolean =>
  o.kind === "other" && o.detail?.kind === "add-constraint" && o.detail.constraint.kind === "primary-key";

/** A file that leaves a schema out leaves it out everywhere, or names it nowhere else. */
const sameTable = (a: RelationName, b: RelationName): boolean =>
  a.name === b.name && (a.schema === null || b.schema === null || a.schema === b.schema);

/** A column that goes is computed from the new ones of its table: the second half of a split or a merge. */
const isOfSplit = ({ relation }: DropColumn, { statements }: Source): boolean =>
  statements.some((s) => s.operations.some((o) => o.kind === "add-column" && sameTable(o.relation, relation)));

/** The operations whose plan reads each directive. */
const USES: Readonly<Record<"up" | "down" | "fill" | "batch", Uses>> = {
  up: (o) => o.kind === "add-column" || isOther(o, RETYPES),
  down: (o, source) => (o.kind === "drop-column" && isOfSplit(o, source)) || isOther(o, RETYPES),
  fill: (o) =>
    isOther(o, TAKES_NO_NULL) ||
    addsPrimaryKey(o) ||
    (o.kind === "add-column" && o.column.notNull && o.column.default === null),
  batch: (o, source) =>
    o.kind === "other" ||
    o.kind === "add-column" ||
    o.kind === "rename-column" ||
    (o.kind === "drop-column" && isOfSplit(o, source)),
};

const hasUses = (kind: Directive["kind"]): kind is keyof typeof USES => Object.hasOwn(USES, kind);

/** Directives that their operation has no use for: an author would take them for obeyed. */
export function unusedDirectives(source: Source): readonly Finding[] {
  if (source.problems.length > 0) return [];
  return source.directives.flatMap((directive) => {
    const { kind, span } = directive;
    if (!hasUses(kind)) return [];
    const scope = scopeOf(source, directive);
    if (scope.kind !== "operation" || USES[kind](scope.operation, source)) return [];
    const message = `"${kind}" has no effect on the next operation (${scope.operation.kind})`;
    return [inputFinding(source, span, "unused-directive", message)];
  });
}

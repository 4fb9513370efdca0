import { scopeOf } from "../files/scope.js";
import type { Directive } from "../model/directive.js";
import type { Finding } from "../model/finding.js";
import type { Operation } from "../model/operation.js";
import { inputFinding } from "./finding.js";
import type { Source } from "./source.js";

/** Kinds of operations whose strategies move rows, and therefore take batch settings. */
const BATCHED: ReadonlySet<Operation["kind"]> = new Set(["add-column", "rename-column", "other"]);

/**
 * Directives that their operation has no use for: `up`, `down` and `fill` belong to changes that are not planned yet,
 * and `batch` to those that move rows.
 */
export function unusedDirectives(source: Source): readonly Finding[] {
  if (source.problems.length > 0) return [];
  return source.directives.flatMap((directive) => {
    const scope = scopeOf(source, directive);
    if (scope.kind !== "operation" || isUsed(directive, scope.operation)) return [];
    const message = `"${directive.kind}" has no effect on the next operation (${scope.operation.kind})`;
    return [inputFinding(source, directive.span, "unused-directive", message)];
  });
}

function isUsed(directive: Directive, operation: Operation): boolean {
  return directive.kind === "batch" ? BATCHED.has(operation.kind) : operation.kind === "other";
}

import type { Engine } from "../engines/engine.js";
import { isError } from "../errors.js";
import { badDirective } from "../files/directives.js";
import { originalText } from "../files/original.js";
import { isOfFile, scopeOf } from "../files/scope.js";
import { applyOperation } from "../history/replay.js";
import { readWritten } from "../history/written/read.js";
import type { Catalog } from "../model/catalog.js";
import type { Directive } from "../model/directive.js";
import type { Statement } from "../model/statement.js";
import { directiveFinding, type Source } from "./source.js";

/** Those that are about what is judged: a directive that nothing comes after would be an error. */
function about(source: Source, judged: readonly Statement[]): (directive: Directive) => boolean {
  return (directive) => {
    if (isOfFile(directive)) return false;
    if (directive.kind === "phase") return judged.some((s) => s.span.start >= directive.span.end);
    const scope = scopeOf(source, directive);
    if (scope.kind === "statement") return judged.includes(scope.statement);
    return scope.kind === "operation" && judged.some((s) => s.operations.includes(scope.operation));
  };
}

function editedStatements(source: Source, at: Directive, engine: Engine): readonly Statement[] {
  const { file, text, statements, directives } = source;
  if (originalText(text) === null)
    throw badDirective(file, text, at.span.start, {
      reason: "this line belongs to files that `plan --write` has made, which begin with `-- zmigrate:from`",
      help: "Remove it.",
    });
  const migration = { id: "", slug: "", checksum: "", file, text, statements, directives };
  return readWritten(migration, engine).edited.flatMap((e) => e.statements);
}

/**
 * What of a file is judged: of one that `plan --write` has put into phases what was edited since, since all else is what
 * the planner made. Of any other file everything.
 */
export function judgedPart(source: Source, engine: Engine): Source {
  const at = source.directives.find((d) => d.kind === "written");
  if (at === undefined) return source;
  if (source.problems.length > 0) return { ...source, statements: [], directives: [] };
  try {
    const statements = editedStatements(source, at, engine);
    return { ...source, statements, directives: source.directives.filter(about(source, statements)) };
  } catch (error) {
    if (!isError(error, "bad-directive")) throw error;
    return { ...source, statements: [], directives: [], problems: [directiveFinding(source, error)] };
  }
}

/** The schema behind a file whose steps amount to what stood in it before; null for any other file. */
export function behindOriginal(text: string, catalog: Catalog, engine: Engine): Catalog | null {
  const original = originalText(text);
  if (original === null) return null;
  return engine
    .parse(original)
    .statements.flatMap((s) => s.operations)
    .reduce(applyOperation, catalog);
}

import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { readDirectives } from "../files/directives.js";
import type { Place } from "../files/place.js";
import { offsetOf } from "../files/position.js";
import { checkScopes } from "../files/scope.js";
import type { Catalog } from "../model/catalog.js";
import type { Directive } from "../model/directive.js";
import type { Finding } from "../model/finding.js";
import type { ParsedSql, Statement } from "../model/statement.js";
import { withCalledBodies } from "./called.js";
import { inputFinding } from "./finding.js";
import { withPreparedTexts } from "./prepared.js";
import { type SquawkIgnore, squawkIgnores } from "./squawk.js";
import { type Unread, unreadIn } from "./unread.js";

/** A file as far as it could be read. */
export interface Source extends Place {
  readonly statements: readonly Statement[];
  /** Empty when one of them cannot be read. */
  readonly directives: readonly Directive[];
  readonly squawk: readonly SquawkIgnore[];
  /** Why something could not be read; with one, the directives' scopes are not to be trusted. */
  readonly problems: readonly Finding[];
  /** What was not read, and may have changed the schema. */
  readonly unknown: readonly Unread[];
}

/**
 * Parses a file; what cannot be read is a finding, and the rest of the file is still looked at.
 *
 * @param before what is known before it
 */
export function readSource(place: Place, engine: Engine, before: Catalog): Source {
  const parsed = engine.parse(place.text);
  const syntax = [...(place.unread ?? []), ...parsed.problems].map((problem) =>
    inputFinding(place, problem.span, "syntax-error", problem.message, problem.help),
  );
  const base = {
    ...place,
    statements: withPreparedTexts(withCalledBodies(parsed.statements, engine.name, before), place.text, engine),
    squawk: squawkIgnores(parsed.comments),
    unknown: unreadIn(place, parsed, engine),
  };
  try {
    return { ...base, directives: directivesOf(place, parsed), problems: syntax };
  } catch (error) {
    if (!(error instanceof ZmigrateError) || error.code !== "bad-directive") throw error;
    return { ...base, directives: [], problems: [...syntax, directiveFinding(place, error)] };
  }
}

/** In a file that does not parse, the statement that a directive is about may be the one that is missing. */
function directivesOf(place: Place, parsed: ParsedSql): readonly Directive[] {
  const directives = readDirectives(place.file, place.text, parsed.comments);
  if (parsed.problems.length === 0) checkScopes({ ...place, statements: parsed.statements, directives });
  return directives;
}

/** What is wrong with a directive, as a finding at its line. */
export function directiveFinding(place: Place, error: ZmigrateError): Finding {
  const { line, column, reason, help } = (error as ZmigrateError<"bad-directive">).data;
  const start = offsetOf(place.text, { line, column });
  const lineEnd = place.text.indexOf("\n", start);
  const span = { start, end: lineEnd === -1 ? place.text.length : lineEnd };
  return inputFinding(place, span, "bad-directive", reason, help);
}

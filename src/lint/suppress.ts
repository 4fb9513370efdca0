import { indexFrom, scopeOf } from "../files/scope.js";
import { nearest } from "../files/similar.js";
import type { Directive } from "../model/directive.js";
import type { Finding, Severity } from "../model/finding.js";
import type { Span } from "../model/span.js";
import type { Statement } from "../model/statement.js";
import { inputFinding } from "./finding.js";
import type { Source } from "./source.js";
import { toldOnce } from "./told-once.js";

type Ignore = Extract<Directive, { kind: "ignore" }>;

/** A finding and the statement that it is in. */
export interface Found {
  readonly statement: Statement;
  readonly finding: Finding;
  /** Present where its rule speaks once in a transaction: which one it is, and what the finding is about. */
  readonly once?: { readonly transaction: object; readonly about: readonly string[] };
}

/** Rules that are ignored in one statement, and which of them were found there. */
interface Bound {
  readonly rules: readonly string[];
  readonly used: Set<string>;
  /** Null for squawk's: whether it is used is not ours to say. */
  readonly ignore: Ignore | null;
}

/** What is left of a file's findings, and what is wrong with its ignores. */
export interface Suppressed {
  readonly findings: readonly Finding[];
  readonly problems: readonly Finding[];
}

type Severities = Readonly<Record<string, Severity | "off">>;

/**
 * Takes away the findings that ignores hide. An ignore of a rule that is unknown, or that found nothing, is a problem;
 * that of a rule which is switched off is not, because it is not known what the rule would have found.
 *
 * @param known the ids of all rules
 */
export function suppress(
  source: Source,
  found: readonly Found[],
  known: readonly string[],
  severities: Severities,
): Suppressed {
  const bound = bindIgnores(source);
  const everywhere = new Set(source.squawk.flatMap(({ wholeFile, rules }) => (wholeFile ? rules : [])));
  const left = found.filter(({ statement, finding: { rule } }) => {
    const hiding = (bound.get(statement) ?? []).filter(({ rules }) => rules.includes(rule));
    for (const { used } of hiding) used.add(rule);
    return hiding.length === 0 && !everywhere.has(rule);
  });
  const problems = [...bound.values()].flat().flatMap((one) => problemsOf(source, one, known, severities));
  return { findings: toldOnce(left), problems };
}

function bindIgnores(source: Source): ReadonlyMap<Statement, readonly Bound[]> {
  const bound = new Map<Statement, Bound[]>();
  const bind = (statement: Statement | undefined, rules: readonly string[], ignore: Ignore | null): void => {
    if (statement === undefined) return;
    const list = bound.get(statement) ?? [];
    list.push({ rules, used: new Set(), ignore });
    bound.set(statement, list);
  };
  for (const { rules, span, wholeFile } of source.squawk) {
    if (!wholeFile) bind(statementAt(source.statements, span), rules, null);
  }
  if (source.problems.length > 0) return bound;
  for (const directive of source.directives) {
    const scope = directive.kind === "ignore" ? scopeOf(source, directive) : null;
    if (directive.kind === "ignore" && scope?.kind === "statement") bind(scope.statement, directive.rules, directive);
  }
  return bound;
}

/** squawk looks at the comment before a statement and at those inside it. */
function statementAt(statements: readonly Statement[], span: Span): Statement | undefined {
  const next = indexFrom(statements, span.end);
  const before = statements[next - 1];
  return before !== undefined && before.span.end > span.start ? before : statements[next];
}

function problemsOf(source: Source, one: Bound, known: readonly string[], severities: Severities): readonly Finding[] {
  const { ignore, used } = one;
  if (ignore === null) return [];
  return ignore.rules.flatMap((rule) => {
    if (!known.includes(rule)) return [unknownRule(source, ignore, rule, known)];
    if (used.has(rule) || severities[rule] === "off") return [];
    return [inputFinding(source, ignore.span, "unused-ignore", `"${rule}" finds nothing in the next statement`)];
  });
}

function unknownRule(source: Source, ignore: Ignore, rule: string, known: readonly string[]): Finding {
  const meant = nearest(rule, known);
  const help = meant === null ? "`zmigrate explain` lists the rules." : `Did you mean "${meant}"?`;
  return inputFinding(source, ignore.span, "bad-directive", `there is no rule "${rule}"`, help);
}

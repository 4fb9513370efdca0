import type { Prepared, ResultColumn } from "../engines/shadow.js";
import type { QueryOutcome } from "../model/query.js";

type Works = Extract<Prepared, { readonly kind: "works" }>;

const WORKS: QueryOutcome = Object.freeze({ verdict: "works", reason: null });

/** Characters of a query that are shown on each side of a difference. */
const SHOWN = 120;

const list = (names: readonly string[]): string => names.map((n) => `"${n}"`).join(", ");

/** Columns that came, went or have another type. */
function columnsDiffer(now: readonly ResultColumn[], before: readonly ResultColumn[]): string[] {
  const has = (all: readonly ResultColumn[], name: string) => all.some((c) => c.name === name);
  const came = now.filter((c) => !has(before, c.name)).map((c) => c.name);
  const went = before.filter((c) => !has(now, c.name)).map((c) => c.name);
  const retyped = now.flatMap((c) => {
    const was = before.find((b) => b.name === c.name)?.type;
    return was === undefined || was === c.type ? [] : [`"${c.name}" is ${c.type}, was ${was}`];
  });
  return [
    ...(came.length === 0 ? [] : [`returns ${list(came)} too`]),
    ...(went.length === 0 ? [] : [`no longer returns ${list(went)}`]),
    ...retyped,
  ];
}

const sameColumns = (a: readonly ResultColumn[], b: readonly ResultColumn[]): boolean =>
  a.length === b.length && a.every((c, i) => c.name === b[i]?.name && c.type === b[i]?.type);

function columnsText(now: readonly ResultColumn[], before: readonly ResultColumn[]): string[] {
  if (sameColumns(now, before)) return [];
  const differ = columnsDiffer(now, before);
  return differ.length > 0 ? differ : ["returns its columns in another order or number"];
}

const parametersText = (now: readonly string[], before: readonly string[]): string[] =>
  now.flatMap((type, i) => {
    const was = before[i];
    return was === undefined || was === type ? [] : [`$${i + 1} is ${type}, was ${was}`];
  });

const words = (text: string): string[] => text.split(/\s+/);
const cut = (text: string): string => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`);

/** The words in which two texts differ, from the first to the last of them. */
function meaningText(now: string, before: string): string[] {
  const [a, b] = [words(now), words(before)];
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  if (start === a.length && start === b.length) return [];
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  // A word before tells where it stands.
  const part = (all: string[]) => cut(all.slice(Math.max(0, start - 1), all.length - end).join(" "));
  return [`is understood as \`${part(a)}\`, was \`${part(b)}\``];
}

const leavesOutText = (now: readonly string[], before: readonly string[]): string[] =>
  now.filter((c) => !before.includes(c)).map((c) => `leaves out ${c}, which is NOT NULL and has no default`);

/** What it returns tells more than how it is understood, which differs with it. */
function changesText(now: Works, before: Works): string[] {
  const columns = columnsText(now.columns, before.columns);
  const meaning = columns.length > 0 ? [] : meaningText(now.meaning, before.meaning);
  return [...columns, ...meaning, ...parametersText(now.parameters, before.parameters)];
}

/**
 * What a schema makes of a query.
 *
 * @param before what the query was for the code that sends it: where it works first
 * @example
 * outcomeOf(prepared, before) // { verdict: "changes", reason: 'returns "email_address" too' }
 */
export function outcomeOf(now: Prepared, before: Works | null): QueryOutcome {
  if (now.kind !== "works") return Object.freeze({ verdict: now.kind, reason: now.reason });
  if (before === null) return WORKS;
  const perhaps = leavesOutText(now.leavesOut, before.leavesOut);
  if (perhaps.length > 0)
    return Object.freeze({ verdict: "unknown", reason: `${perhaps.join("; ")}: a trigger may give it a value` });
  const changes = changesText(now, before);
  return changes.length === 0 ? WORKS : Object.freeze({ verdict: "changes", reason: changes.join("; ") });
}

import {
  contractOutcome,
  isUntouched,
  QUERY_STAGES,
  type QueryCompatibility,
  type QueryOutcome,
  type QueryStage,
} from "../../model/query.js";

/** Whose query it is, for people. */
export const OWNERS: Readonly<Record<QueryCompatibility["owner"], string>> = Object.freeze({
  old: "old code",
  new: "new code",
  none: "works in no phase",
  gone: "code of an earlier migration",
  later: "code of a later migration",
  unknown: "unknown",
});

/** `breaks: column "a" does not exist`. */
export const outcomeText = ({ verdict, reason }: QueryOutcome): string =>
  reason === null || reason === "" ? verdict : `${verdict}: ${reason}`;

/** What must be seen first: what breaks before the new code is there, what nobody could tell, what contract breaks. */
function urgency({ owner, outcomes }: QueryCompatibility): number {
  const verdicts = QUERY_STAGES.map((stage) => outcomes[stage].verdict);
  const early = [outcomes.expand, outcomes.backfill].some((o) => o.verdict === "breaks");
  if (owner === "old" && early) return 0;
  if (verdicts.includes("unknown")) return 1;
  if (owner === "none") return 2;
  return contractOutcome(outcomes).verdict === "breaks" ? 3 : 4;
}

/** From so many queries on that are unknown for one reason, they are counted and not listed. */
const MANY = 3;

/** Why a query is unknown in every phase alike; null for any other. */
function unknownAll({ owner, outcomes }: QueryCompatibility): string | null {
  const { reason } = outcomes.before;
  return owner === "unknown" && QUERY_STAGES.every((s) => outcomes[s].reason === reason) ? reason : null;
}

/** The reasons for which many queries are unknown, with their number. */
function unknownMany(compatibility: readonly QueryCompatibility[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const reason of compatibility.map(unknownAll))
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return new Map([...counts].filter(([, n]) => n >= MANY));
}

/** What is shown of a matrix. */
export interface ShownMatrix {
  /** The most urgent first. */
  readonly shown: readonly QueryCompatibility[];
  /** Reasons for which several are unknown, and how many. */
  readonly unknown: ReadonlyMap<string, number>;
  /** How many no phase touches. */
  readonly untouched: number;
  /** How many are of other migrations. */
  readonly others: number;
}

/** Splits a matrix into rows that are listed and queries that are counted. */
export function matrixOf(compatibility: readonly QueryCompatibility[]): ShownMatrix {
  const unknown = unknownMany(compatibility);
  const isOther = ({ owner }: QueryCompatibility) => owner === "gone" || owner === "later";
  const own = compatibility.filter((q) => !isOther(q));
  const listed = own.filter((q) => !unknown.has(unknownAll(q) ?? ""));
  const shown = listed.filter((q) => !isUntouched(q)).toSorted((a, b) => urgency(a) - urgency(b));
  return { shown, unknown, untouched: listed.length - shown.length, others: compatibility.length - own.length };
}

/** Stages one behind the other that make the same of a query. */
interface Stretch {
  readonly stages: QueryStage[];
  readonly text: string;
}

/** Before is shown where it tells something: of old code's query it is that it works. */
const shownStages = ({ owner }: QueryCompatibility): readonly QueryStage[] =>
  owner === "old" ? QUERY_STAGES.slice(1) : QUERY_STAGES;

/** `expand, backfill: works`, `swap, drop: breaks: ...`; one line where all are the same. */
export function stretchLines(query: QueryCompatibility): readonly string[] {
  const stages = shownStages(query);
  const stretches: Stretch[] = [];
  for (const stage of stages) {
    const text = outcomeText(query.outcomes[stage]);
    const last = stretches.at(-1);
    if (last?.text === text) last.stages.push(stage);
    else stretches.push({ stages: [stage], text });
  }
  return stretches.map((s) => `${s.stages.length === stages.length ? "every phase" : s.stages.join(", ")}: ${s.text}`);
}

const queries = (n: number, kind = ""): string => `${n} ${kind}${n === 1 ? "query" : "queries"}`;

/** The queries that have no row, in sentences: `12 other queries work in every phase as before.` */
export function restTexts({ shown, unknown, untouched, others }: ShownMatrix): readonly string[] {
  const kind = shown.length > 0 ? "other " : "";
  return [
    ...[...unknown].map(([reason, n]) => `${queries(n)} are unknown in every phase: ${reason}.`),
    untouched === 0
      ? ""
      : `${queries(untouched, kind)} ${untouched === 1 ? "works" : "work"} in every phase as before.`,
    others === 0
      ? ""
      : `${queries(others)} only ${others === 1 ? "works" : "work"} in an earlier or a later migration.`,
  ].filter((t) => t !== "");
}

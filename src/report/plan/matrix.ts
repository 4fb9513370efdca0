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

/** The rows that are shown, the most urgent first; how many queries no phase touches, and how many are of other migrations. */
export function matrixOf(compatibility: readonly QueryCompatibility[]) {
  const isOther = ({ owner }: QueryCompatibility) => owner === "gone" || owner === "later";
  const own = compatibility.filter((q) => !isOther(q));
  const shown = own.filter((q) => !isUntouched(q)).toSorted((a, b) => urgency(a) - urgency(b));
  return { shown, untouched: own.length - shown.length, others: compatibility.length - own.length };
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
export function restTexts({ shown, untouched, others }: ReturnType<typeof matrixOf>): readonly string[] {
  const kind = shown.length > 0 ? "other " : "";
  return [
    untouched === 0
      ? ""
      : `${queries(untouched, kind)} ${untouched === 1 ? "works" : "work"} in every phase as before.`,
    others === 0
      ? ""
      : `${queries(others)} only ${others === 1 ? "works" : "work"} in an earlier or a later migration.`,
  ].filter((t) => t !== "");
}

import type { Prepared, Shadow } from "../engines/shadow.js";
import { QUERY_STAGES, type Query, type QueryCompatibility, type QueryStage } from "../model/query.js";
import { compatibilityOf, type Seen } from "./compatibility.js";

/** A query with what a server is asked: its text with the server's own parameters, or why there is none. */
export interface ReadQuery extends Query {
  readonly sql: string | null;
  /** Why it cannot be prepared; "" where it can. */
  readonly reason: string;
}

/** Asks a shadow about all queries at each stage of one migration. */
export interface Recorder {
  /**
   * @param changed false where the schema is the one of the stage before
   */
  at(stage: QueryStage, shadow: Shadow, changed: boolean): Promise<void>;
  /** What was asked last; null when nothing was. */
  last(): readonly Prepared[] | null;
  /** Which queries work at a stage that was asked. */
  worksAt(stage: QueryStage): readonly boolean[];
  /**
   * The matrix. A stage that was not reached is unknown.
   *
   * @param missing why one was not
   * @param runs per query: false where code that runs now cannot send it
   */
  matrix(missing: string, runs?: readonly boolean[]): readonly QueryCompatibility[];
}

/** One after the other: the shadow has one connection. */
async function prepareAll(queries: readonly ReadQuery[], shadow: Shadow): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = [];
  for (const { sql, reason } of queries)
    prepared.push(sql === null ? { kind: "unknown", reason } : await shadow.prepare(sql));
  return prepared;
}

const plain = ({ source, text }: Query): Query => Object.freeze({ source, text });

/**
 * @param before what the shadow says of the queries as it is now; null where it was not asked
 * @example
 * const recorder = recorderOf(queries);
 * await recorder.at("before", shadow, true);
 */
export function recorderOf(queries: readonly ReadQuery[], before: readonly Prepared[] | null = null): Recorder {
  const stages = new Map<QueryStage, readonly Prepared[]>();
  let last = before;
  return Object.freeze({
    async at(stage: QueryStage, shadow: Shadow, changed: boolean) {
      last = changed || last === null ? await prepareAll(queries, shadow) : last;
      stages.set(stage, last);
    },
    last: () => last,
    worksAt: (stage: QueryStage) => (stages.get(stage) ?? []).map((p) => p.kind === "works"),
    matrix: (missing: string, runs: readonly boolean[] = []) =>
      queries.map((query, i) => {
        const unknown: Prepared = { kind: "unknown", reason: query.reason === "" ? missing : query.reason };
        const entries = QUERY_STAGES.map((s): [QueryStage, Prepared] => [s, stages.get(s)?.[i] ?? unknown]);
        return compatibilityOf(plain(query), Object.fromEntries(entries) as Seen, runs[i]);
      }),
  });
}

import type { Effect } from "../../../model/effect.js";
import { effect, firstNeed, restsOn } from "../../effect.js";
import type { Version } from "../../engine.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { atLeast, versionOf } from "../version.js";

/** Where MySQL's answers change. */
const TURNS: readonly Version[] = ["8.0.12", "8.0.16", "8.0.24", "8.0.28", "8.0.29", "8.0.32", "9.0.0", "9.7.0"].map(
  versionOf,
);

/** The versions of a range at which another answer may begin, its oldest first. */
export function versionsIn(oldest: Version, newest: Version | undefined, dialect: MysqlDialect): readonly Version[] {
  if (newest === undefined || !atLeast(newest, ...oldest.parts)) return [oldest];
  if (dialect === "mariadb") return [oldest];
  return [oldest, ...TURNS.filter((t) => !atLeast(oldest, ...t.parts) && atLeast(newest, ...t.parts))];
}

const COSTS = { INSTANT: 1, INPLACE: 2, COPY: 4 } as const;

/** Of locks, and of rows that are read and written. */
function workOf(one: Effect): number {
  const held = one.locks.some((l) => l.held !== "brief" && l.blocks !== "ddl") ? 8 : 0;
  return held + (one.rewrite ? 3 : 0) + (one.scan ? 1 : 0);
}

const cost = (one: Effect): number => workOf(one) + (one.algorithm === null ? 0 : COSTS[one.algorithm]) / 8;

/** The versions that alone make it as dear as it is: `the server is MySQL before 8.0.29: later ones touch no row`. */
function dearerIn(answers: readonly Answer[]): readonly string[] {
  const works = answers.map(({ effect: one }) => workOf(one));
  const most = Math.max(...works);
  const turn = works.findIndex((work, at) => at > 0 && (work === most) !== (works[at - 1] === most));
  const [at, before] = [answers[turn], answers[turn - 1]];
  // Where it goes to and fro, no one version tells.
  if (
    at === undefined ||
    before === undefined ||
    works.slice(turn).some((work) => (work === most) !== (works[turn] === most))
  )
    return [];
  const version = at.version.text;
  const less = ({ effect: one }: Answer) => (one.rewrite || one.scan ? "do less" : "touch no row");
  return works[turn] === most
    ? [`the server is MySQL ${version} or later: older ones ${less(before)}`]
    : [`the server is MySQL before ${version}: later ones ${less(at)}`];
}

/** What one version answers. */
export interface Answer {
  readonly version: Version;
  readonly effect: Effect;
}

/**
 * The worst of several answers, those of older versions first: the dearest way, and everything that breaks or fails in any of them.
 * An ALGORITHM or LOCK that some of them take is said to be refused by the others.
 */
export function worstOf(answers: readonly [Answer, ...Answer[]]): Effect {
  const [{ effect: first }, ...others] = answers;
  const rest = others.map((answer) => answer.effect);
  const effects = [first, ...rest];
  if (rest.length === 0) return first;
  const dearest = rest.reduce((worst, e) => (cost(e) > cost(worst) ? e : worst), first);
  const refusals = distinct(
    effects.flatMap((e) => refusalsOf(e)),
    (refusal) => refusal,
  );
  const byVersion = (text: string) =>
    refusals.reduce((t, refusal) => t.replace(refusal, refusedBy(refusal, answers)), text);
  const fails = distinct(
    effects.flatMap((e) => (e.fails === null ? [] : byVersion(e.fails))),
    (f) => f,
  );
  return effect({
    ...dearest,
    breaks: distinct(
      effects.flatMap((e) => e.breaks),
      (b) => `${b.who} ${b.what} ${b.why}`,
    ),
    fails: fails.length === 0 ? null : fails.join("; "),
    ...firstNeed(effects),
    destroys: effects.some((e) => e.destroys),
    assumes: distinct(
      effects.flatMap((e) => e.assumes),
      (a) => a,
    ),
    ...restsOn([...(dearest.rests ?? []), ...dearerIn(answers)]),
  });
}

function distinct<T>(all: readonly T[], key: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [key(one), one])).values()];
}

const REFUSAL = /(?:ALGORITHM|LOCK)=\w+ is refused(?= \(1845, 1846\))/g;

const refusalsOf = ({ fails }: Effect): readonly string[] => fails?.match(REFUSAL) ?? [];

/** `ALGORITHM=INSTANT is refused by MySQL before 8.0.29`; as it is where all versions refuse it. */
function refusedBy(refusal: string, answers: readonly Answer[]): string {
  const isRefused = answers.map((answer) => refusalsOf(answer.effect).includes(refusal));
  if (!isRefused.includes(false)) return refusal;
  const starts = answers.flatMap((_, at) => (isRefused[at] === true && isRefused[at - 1] !== true ? [at] : []));
  const stretches = starts.map((start) => {
    const end = isRefused.indexOf(false, start);
    const until = end < 0 ? "on" : `before ${answers[end]?.version.text}`;
    return start === 0 ? until : `from ${answers[start]?.version.text} ${until}`;
  });
  return `${refusal} by MySQL ${stretches.join(" and ")}`;
}

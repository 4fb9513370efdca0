/** How long an answer is good for, milliseconds: each migration that waits, and each database of a fleet, asks the same. */
const FRESH_MS = 5_000;

/**
 * A question that many ask in one run, about what its settings name: who asks meanwhile, or soon after, is told the same.
 *
 * @param ask its first argument is what the run's settings say, the same object for all of the run
 */
export function onceARun<About extends object, Rest extends readonly unknown[], Answer>(
  ask: (about: About, ...rest: Rest) => Promise<Answer>,
): (about: About, ...rest: Rest) => Promise<Answer> {
  const known = new WeakMap<About, { until: number; readonly answer: Promise<Answer> }>();
  return (about, ...rest) => {
    const last = known.get(about);
    if (last !== undefined && performance.now() < last.until) return last.answer;
    const asked = { until: Number.POSITIVE_INFINITY, answer: ask(about, ...rest) };
    known.set(about, asked);
    const settle = () => {
      asked.until = performance.now() + FRESH_MS;
    };
    asked.answer.then(settle, settle);
    return asked.answer;
  };
}

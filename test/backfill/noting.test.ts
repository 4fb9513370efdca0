import { expect, it } from "vitest";
import { noting } from "../../src/backfill/noting.js";

/** What the journal is told. */
async function noted(reasons: readonly string[], everyMs: number) {
  const notes: (string | null)[] = [];
  const news: boolean[] = [];
  const of = noting(async (why) => void notes.push(why), everyMs);
  for (const reason of reasons) news.push(await of.say(reason));
  await of.over();
  await of.over();
  return { notes, news };
}

const REASONS = ["locked by pid 12 (transaction of 1 s)", "locked by pid 12 (transaction of 3 s)", "a is 1 s behind"];

it("notes a reason at once, its figures now and then, and once that nothing is waited for", async () => {
  const news = [true, false, true];
  expect(await noted(REASONS, 60_000)).toEqual({ notes: [REASONS[0], REASONS[2], null], news });
  expect(await noted(REASONS, 0)).toEqual({ notes: [...REASONS, null], news });
  expect(await noted(["a", "a"], 0)).toEqual({ notes: ["a", null], news: [true, false] });
});

it("notes nothing where nothing was waited for", async () => {
  expect(await noted([], 0)).toEqual({ notes: [], news: [] });
});

import { expect, it } from "vitest";
import { searchAmong } from "../../src/backfill/search.js";

/** Tries of parts until all rows are taken or passed over, and the bad rows that were found. */
function tries(rows: number, isBad: (row: number) => boolean): { tries: number; found: number[] } {
  const search = searchAmong(rows);
  const found: number[] = [];
  let [at, tried] = [0, 0];
  while (at < rows) {
    tried += 1;
    const size = Math.min(search.rows(), rows - at);
    const part = Array.from({ length: size }, (_, n) => at + n + 1);
    if (!part.some(isBad)) search.taken(size);
    else if (size > 1) {
      search.refused(size);
      continue;
    } else {
      found.push(at + 1);
      search.passed();
    }
    at += size;
  }
  return { tries: tried, found };
}

it("finds one bad row among many by halves", () => {
  for (const bad of [1, 500, 777, 1_000])
    expect(tries(1_000, (row) => row === bad)).toMatchObject({ found: [bad], tries: expect.toSatisfy((n) => n < 25) });
});

it("needs a few tries for each of many bad rows, and one for each where all are", () => {
  for (const every of [2, 7, 20, 50]) {
    const { tries: tried, found } = tries(1_000, (row) => row % every === 0);
    expect(found).toHaveLength(Math.floor(1_000 / every));
    expect(tried / found.length).toBeLessThan(2 + 2 * Math.log2(every));
  }
  expect(tries(1_000, () => true).tries).toBeLessThan(1_020);
});

it("goes on where the bad row was mended meanwhile", () => {
  expect(tries(1_000, () => false)).toMatchObject({ found: [], tries: expect.toSatisfy((n) => n < 15) });
});

import { expect, it } from "vitest";
import { ownTime } from "../../src/backfill/own-time.js";

it("leaves out what each batch takes, however few its rows: round trips of a slow network, and the COMMIT", () => {
  const own = ownTime();
  expect(own.of({ ms: 420, trips: 4, tripMs: 100, commitMs: 100 })).toBe(20);
  // A moment in which all is slow is not taken for the network.
  expect(own.of({ ms: 900, trips: 4, tripMs: 400, commitMs: 300 })).toBe(700);
});

it("does not take the time that a large COMMIT takes for what each takes", () => {
  const own = ownTime();
  own.of({ ms: 5, trips: 4, tripMs: 1, commitMs: 5 });
  expect(own.of({ ms: 104, trips: 4, tripMs: 1, commitMs: 505 })).toBe(600);
});

it("counts the ways that a batch has had, not those of another one", () => {
  const own = ownTime();
  expect(own.of({ ms: 620, trips: 6, tripMs: 100, commitMs: 100 })).toBe(20);
});

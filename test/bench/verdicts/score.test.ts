import { expect, it } from "vitest";
import { dangerous, safe, truthOf } from "../../../bench/verdicts/case.js";
import { score } from "../../../bench/verdicts/score.js";

const CASES = [
  safe("quiet", "SELECT 1;", ""),
  safe("loud", "SELECT 1;", ""),
  dangerous("breaks", "found", "DROP TABLE t;", ""),
  dangerous("breaks", "missed", "DROP TABLE u;", ""),
];
const SAID = new Map([
  ["loud", [{ rule: "a", advice: false }]],
  ["found", [{ rule: "b", advice: false }]],
  ["missed", [{ rule: "style", advice: true }]],
  ["quiet", [{ rule: "style", advice: true }]],
]);

it("counts where a linter is wrong, by what was measured", () => {
  expect(CASES.map(truthOf)).toEqual(["safe", "safe", "dangerous", "dangerous"]);
  expect(score(CASES, SAID, false)).toEqual({ falseAlarms: ["loud"], silences: ["missed"] });
});

it("counts advice when it is to", () => {
  expect(score(CASES, SAID, true)).toEqual({ falseAlarms: ["quiet", "loud"], silences: [] });
});

it("takes a linter that said nothing of a case for silent", () => {
  expect(score(CASES, new Map(), true)).toEqual({ falseAlarms: [], silences: ["found", "missed"] });
});

import { expect, it } from "vitest";
import { PROOFS } from "./proofs/index.js";

const numbered = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);

/** The hazards that are known of PostgreSQL: columns, types, constraints, indexes, drops, enums, partitions, ... */
const HAZARDS = [
  ...numbered("A", 18),
  ...numbered("T", 11),
  ...[...numbered("C", 25), "C1a", "C1b", "C1c"],
  ...numbered("I", 19),
  ...numbered("D", 13),
  ...numbered("E", 9),
  ...numbered("P", 9),
  ...numbered("M", 16),
  ...numbered("X", 13),
  ...numbered("B", 9),
];

/** Those that no single statement shows: they are about settings, transactions, deploys, or advice. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  I6: "a defect of 14.0 to 14.3 that only some builds show",
  I9: "advice",
  I11: "two statements",
  I19: "statistics",
  D11: "the application's mapper",
  D12: "a deploy",
  P7: "policy",
  P8: "how data grow",
  M13: "the extension's own script",
  M14: "advice",
  M15: "another product",
  X1: "a setting",
  X2: "a setting",
  X3: "a setting",
  X5: "several statements",
  X7: "a transaction",
  X8: "a file",
  X9: "several statements",
  X11: "a transaction",
  X12: "the machine",
  B7: "how many rows there are",
  B8: "a deploy",
};

it("has a proof for every hazard that one statement shows", () => {
  const proved = new Set(PROOFS.flatMap((g) => g.proofs.flatMap((p) => p.facts)));
  const known = new Set([...proved, ...Object.keys(ELSEWHERE)]);
  expect(HAZARDS.filter((h) => !known.has(h))).toEqual([]);
  expect([...known].filter((k) => !HAZARDS.includes(k))).toEqual([]);
});

it("states nearly all of them exactly", () => {
  const all = PROOFS.flatMap((g) => g.proofs);
  expect(all.length).toBeGreaterThan(450);
  expect(all.filter((p) => !p.exact).length).toBeLessThan(20);
});

import { expect, it } from "vitest";
import { refusalOn, stepsOn } from "../../support/plan.js";

const TWO =
  "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(x text) RETURNS int LANGUAGE sql AS 'SELECT 1';";
const AGAIN = "CREATE FUNCTION f(x integer) RETURNS text LANGUAGE sql AS 'SELECT ''1''';";

it("takes the place of the one with its parameters where the file drops several of its name", async () => {
  const steps = await stepsOn(TWO, `DROP FUNCTION f(int); DROP FUNCTION f(text); ${AGAIN}`);
  expect(steps.filter((s) => s.startsWith("swap")).map((s) => s.includes("CREATE"))).toEqual([false, true]);
  const parked = steps.flatMap((s) => /RENAME TO ("zmigrate_dropped_\w+")/.exec(s)?.[1] ?? []);
  expect(new Set(parked).size).toBe(2);
  const dropped = steps.flatMap((s) => /^drop DROP FUNCTION "public"\.("\w+")/.exec(s)?.[1] ?? []);
  expect(dropped.toSorted()).toEqual(parked.toSorted());
});

it("refuses to guess which one is meant", async () => {
  const refusal = await refusalOn(TWO, `DROP FUNCTION f; DROP FUNCTION f(text); ${AGAIN}`);
  expect(refusal).toContain("does not say which of them this one takes the place of");
});

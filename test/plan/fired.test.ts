import { expect, it } from "vitest";
import type { Catalog } from "../../src/model/catalog.js";
import type { Step } from "../../src/model/step.js";
import { notesOnFired } from "../../src/plan/fired.js";

const relation = { schema: "public", name: "t" };
const filled = { phase: "backfill", backfill: { relation, set: "b = a", where: "true" } } as unknown as Step;

/** Of a table with one trigger that the server prints so. */
const having = (...restore: string[]): Catalog =>
  ({
    defaultSchema: "public",
    objects: [{ object: "trigger", name: { schema: null, name: "tr" }, on: relation, restore }],
  }) as never;

const FIRED = ["The backfill's updates fire the triggers of public.t: tr."];

it.each([
  ["CREATE TRIGGER tr BEFORE INSERT OR UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION f()"],
  ["CREATE CONSTRAINT TRIGGER tr AFTER UPDATE ON public.t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f()"],
  ["CREATE DEFINER=`root`@`%` TRIGGER `tr` AFTER UPDATE ON `t` FOR EACH ROW SET @a = 1"],
])("tells of %s", (text) => {
  expect(notesOnFired([filled], having("DROP TRIGGER IF EXISTS tr ON public.t", text))).toEqual(FIRED);
});

it.each([
  ["CREATE TRIGGER tr BEFORE INSERT OR UPDATE OF a ON public.t FOR EACH ROW EXECUTE FUNCTION f()"],
  ["CREATE TRIGGER tr BEFORE DELETE ON public.t FOR EACH ROW EXECUTE FUNCTION f()"],
  ["CREATE DEFINER=`root`@`%` TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 'UPDATE ON x'"],
])("says nothing of %s", (text) => {
  expect(notesOnFired([filled], having(text))).toEqual([]);
});

it("says nothing of one that is disabled, of another table, or where nothing is backfilled", () => {
  const text = "CREATE TRIGGER tr BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION f()";
  expect(notesOnFired([filled], having(text, "ALTER TABLE public.t DISABLE TRIGGER tr"))).toEqual([]);
  expect(notesOnFired([{ ...filled, phase: "contract" }], having(text))).toEqual([]);
  const other = { ...filled, backfill: { ...filled.backfill, relation: { schema: "public", name: "u" } } } as Step;
  expect(notesOnFired([other], having(text))).toEqual([]);
});

it("takes one that cannot be read for one that fires", () => {
  const unread = having();
  const objects = (unread.objects ?? []).map((o) => ({ ...o, restore: null }));
  expect(notesOnFired([filled], { ...unread, objects })).toEqual(FIRED);
});

import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { type CodeRow, type CodeUpdate, compute } from "../../../src/backfill/code/call.js";
import type { RowColumn } from "../../../src/engines/engine.js";
import type { BackfillCode, MapContext } from "../../../src/model/backfill-code.js";

const COLUMNS: readonly RowColumn[] = [
  { name: "a", type: "int", form: "number" },
  { name: "b", type: "text", form: "text" },
];
const rows = (n: number): CodeRow[] => Array.from({ length: n }, (_, i) => ({ key: [String(i)], values: { a: i } }));

const codeOf = (map: BackfillCode["map"], concurrency = 1): BackfillCode => ({
  relation: { schema: null, name: "t" },
  ...{ select: ["a"], update: ["b"], where: null, key: null, rows: null, targetMs: null, concurrency, map },
});

async function computed(map: BackfillCode["map"], n: number, concurrency = 1, signal = new AbortController().signal) {
  const kept = new Map<string, CodeUpdate>();
  const context = { db: null, signal } as unknown as MapContext<unknown>;
  const failed = await compute(codeOf(map, concurrency), rows(n), COLUMNS, context, (part) => {
    for (const [key, update] of part) kept.set(key, update);
  }).then(
    () => null,
    (error: unknown) => error,
  );
  return { kept, failed };
}

it("keeps one update, or none, of each row", async () => {
  const { kept, failed } = await computed(
    (given) => given.slice(1).map(({ key, values }) => ({ key, set: { b: values.a } })),
    3,
  );
  expect(failed).toBeNull();
  expect([...kept]).toEqual([
    ['["0"]', null],
    ['["1"]', new Map([["b", "1"]])],
    ['["2"]', new Map([["b", "2"]])],
  ]);
});

it("calls the code for parts of the rows beside each other, and keeps what succeeded where one fails", async () => {
  let [now, most] = [0, 0];
  const sizes: number[] = [];
  const { kept, failed } = await computed(
    async (given) => {
      sizes.push(given.length);
      now += 1;
      most = Math.max(most, now);
      await sleep(10);
      now -= 1;
      if (given.some(({ key }) => key[0] === "5")) throw new Error("no five");
      return [];
    },
    10,
    4,
  );
  expect(sizes).toEqual([3, 3, 3, 1]);
  expect(most).toBe(4);
  expect(failed).toMatchObject({ name: "MapFailed", message: "`map` threw: no five" });
  expect(kept.size).toBe(7);
});

it.each<[string, (given: readonly CodeRow[]) => unknown]>([
  ["must return an array", () => ({})],
  ["the key of none of its rows", () => [{ key: ["9"], set: { b: "x" } }]],
  ["the key of none of its rows", () => [{ key: 0, set: { b: "x" } }]],
  ["the key of none of its rows", () => ["x"]],
  ["returned undefined in the place of an update (element 0 of", (given) => given.map(() => undefined)],
  ["`return updates.filter((update) => update !== null)`", ([row]) => [{ key: row?.key, set: { b: "x" } }, null]],
  [
    "two updates",
    ([row]) => [
      { key: row?.key, set: { b: "x" } },
      { key: row?.key, set: { b: "y" } },
    ],
  ],
  ["without `set`", ([row]) => [{ key: row?.key }]],
  ["without `set`", ([row]) => [{ key: row?.key, set: {} }]],
  ["sets a of the row", ([row]) => [{ key: row?.key, set: { a: 1 } }]],
  ["cannot be written: a Date", ([row]) => [{ key: row?.key, set: { b: new Date() } }]],
])("says %j of an answer that means nothing", async (reason, map) => {
  const { failed } = await computed(map, 2);
  expect(failed).toMatchObject({ name: "BadAnswer", message: expect.stringContaining(reason) });
});

it("does not wait for code when the run is to stop", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  const { failed } = await computed(() => new Promise(() => undefined), 2, 1, stop.signal);
  expect(failed).toMatchObject({ name: "Interrupted" });
});

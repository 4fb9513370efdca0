import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { toldWhile } from "../../src/backfill/slow.js";

it("tells more and more seldom of what takes long, and nothing of it when it is over", async () => {
  const told: number[] = [];
  const body = () => sleep(200).then(() => "done");
  expect(await toldWhile((ms) => void told.push(ms), body, 20)).toBe("done");
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThan(5);
  const before = told.length;
  await sleep(60);
  expect(told).toHaveLength(before);
});

it("tells nothing of what is soon over, also where it fails", async () => {
  const told: number[] = [];
  const fails = toldWhile(
    (ms) => void told.push(ms),
    () => Promise.reject(new Error("no")),
    20,
  );
  await expect(fails).rejects.toThrow("no");
  await sleep(40);
  expect(told).toEqual([]);
});

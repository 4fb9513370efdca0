import { expect, it } from "vitest";
import { regularly } from "../../src/engines/regularly.js";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it("does something again and again, whether it fails or not, and stops when what is under way has ended", async () => {
  let [begun, ended] = [0, 0];
  const regular = regularly(10, async () => {
    begun += 1;
    await sleep(1);
    ended += 1;
    throw new Error("no");
  });
  await expect.poll(() => ended).toBeGreaterThan(2);
  await regular.stop();
  const there = begun;
  expect(ended).toBe(there);
  await sleep(50);
  expect(begun).toBe(there);
});

it("leaves turns out where it takes longer than they are apart", async () => {
  let [now, most] = [0, 0];
  const regular = regularly(5, async () => {
    now += 1;
    most = Math.max(most, now);
    await sleep(40);
    now -= 1;
  });
  await sleep(200);
  await regular.stop();
  expect({ now, most }).toEqual({ now: 0, most: 1 });
});

import { expect, test } from "vitest";
import type { Fleet } from "../../src/config/environments.js";
import { hasFailed, inWaves } from "../../src/fleet/waves.js";

const fleet = (waves: readonly (readonly string[])[], parallel = 4): Fleet => ({
  environment: "production",
  parallel,
  all: [],
  waves: waves.map((wave) => wave.map((name) => ({ name, databaseUrl: name, replicaUrls: [] }))),
});

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
const never = new AbortController().signal;

test("a wave begins when the one before it is done, and no more run at once than may", async () => {
  const log: string[] = [];
  let [running, most] = [0, 0];
  const { ended, left } = await inWaves(
    fleet([["a"], ["b", "c", "d", "e"], ["f"]], 2),
    never,
    async ({ name }) => {
      log.push(`+${name}`);
      most = Math.max(most, ++running);
      await tick();
      running--;
      log.push(`-${name}`);
      return name.toUpperCase();
    },
    ({ database }) => log.push(`!${database.name}`),
  );
  expect(most).toBe(2);
  expect(log.slice(0, 3)).toEqual(["+a", "-a", "!a"]);
  expect(log.slice(-3)).toEqual(["+f", "-f", "!f"]);
  expect(ended.map((one) => (hasFailed(one) ? one.error : one.result)).toSorted()).toEqual([..."ABCDEF"]);
  expect(left).toEqual([]);
});

test("behind the first that fails none is begun, and those that run are let end", async () => {
  const begun: string[] = [];
  const { ended, left } = await inWaves(
    fleet([["a", "b", "c", "d"], ["e"]], 2),
    never,
    async ({ name }) => {
      begun.push(name);
      if (name === "a") throw new Error("no");
      await tick();
      return name;
    },
    () => undefined,
  );
  expect(begun).toEqual(["a", "b"]);
  expect(ended.map((one) => [one.database.name, hasFailed(one)])).toEqual([
    ["a", true],
    ["b", false],
  ]);
  expect(left.map(({ name }) => name)).toEqual(["c", "d", "e"]);
});

test("who asks it to stop reaches those that run, and no more are begun", async () => {
  const controller = new AbortController();
  const { ended, left } = await inWaves(
    fleet([["a", "b"]], 1),
    controller.signal,
    async (_, signal) => {
      controller.abort();
      if (signal.aborted) throw new Error("stopped");
    },
    () => undefined,
  );
  expect(ended.map(hasFailed)).toEqual([true]);
  expect(left.map(({ name }) => name)).toEqual(["b"]);
});

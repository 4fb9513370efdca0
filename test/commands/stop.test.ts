import { expect, it } from "vitest";
import { Interrupted } from "../../src/backfill/interrupted.js";
import { stoppable } from "../../src/commands/stop.js";
import { sandbox } from "./support.js";

it("says which command goes on", async () => {
  const { io, stderr, remove } = sandbox();
  const stopped = () => Promise.reject(new Interrupted());
  expect(await stoppable(io, "apply", stopped)).toBe(130);
  expect(await stoppable(io, "rollback 20260101000000", stopped)).toBe(130);
  expect(stderr().match(/`[^`]*`/g)).toEqual(["`zmigrate apply`", "`zmigrate rollback 20260101000000`"]);
  remove();
});

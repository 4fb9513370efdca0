import { expect, it } from "vitest";
import type { Io } from "../../src/commands/command.js";
import { viewFor } from "../../src/commands/view.js";
import type { RunEvent } from "../../src/model/event.js";

const BATCH: RunEvent = {
  event: "batch",
  migration: "m",
  step: "s",
  rowsDone: 1,
  rowsTotal: 10,
  rate: 5,
  etaSeconds: 2,
  batchRows: 1,
  batchMs: 1,
  lagMs: null,
  throttledShare: 0,
};
const CLEAR = "\r\u001b[2K";
const STARTED: RunEvent = { event: "migration-started", migration: "m", name: "n", status: "pending" };

function io(isTTY: boolean): { io: Io; text: () => string } {
  let text = "";
  const stdout = { write: (t: string) => (text += t), isTTY, color: isTTY };
  const stderr = { ...stdout, write: () => undefined };
  return { io: { stdout, stderr, readStdin: async () => new Uint8Array(), env: {}, cwd: "." } as Io, text: () => text };
}

it("draws one line again and again on a terminal, and wipes it before anything else is written", () => {
  const { io: terminal, text } = io(true);
  const view = viewFor(terminal, false);
  view.emit(BATCH);
  view.emit(STARTED);
  const [before, bar, after] = text().split(CLEAR);
  expect(before).toBe("");
  expect(bar).toContain("rows/s");
  expect(after).toContain("m n");
  view.emit({ ...BATCH, rowsDone: 10 });
  view.end();
  expect(text().endsWith(CLEAR)).toBe(true);
});

it("draws nothing that moves off a terminal, and the last state of a backfill once", () => {
  const { io: file, text } = io(false);
  const view = viewFor(file, false);
  for (let n = 0; n < 100; n += 1) view.emit(BATCH);
  view.emit({ ...BATCH, rowsDone: 10 });
  expect(text()).not.toContain("\u001b");
  expect(text().trim().split("\n")).toHaveLength(1);
});

it("prints nothing but one object a line as JSON", () => {
  const { io: file, text } = io(true);
  const view = viewFor(file, true);
  view.emit(STARTED);
  view.emit(BATCH);
  view.end();
  expect(
    text()
      .trim()
      .split("\n")
      .map((l) => JSON.parse(l).event),
  ).toEqual(["migration-started", "batch"]);
});

it("takes how far a comparison is for progress", () => {
  const { io: terminal, text } = io(true);
  const view = viewFor(terminal, false);
  view.emit({
    event: "comparing",
    migration: "m",
    step: "rollback",
    rowsDone: 5,
    rowsTotal: 10,
    rate: 5,
    etaSeconds: 1,
  });
  expect(text()).toMatch(/50 % {2}5 of 10 rows compared {2}5 rows\/s {2}ETA/);
  view.end();
  expect(text().endsWith(CLEAR)).toBe(true);
});

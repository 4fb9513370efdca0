import { expect, it } from "vitest";
import { runJson } from "../../../src/report/run/json.js";
import { type Paint, runText } from "../../../src/report/run/text.js";

const same = (text: string) => text;
const PLAIN: Paint = { bold: same, dim: same, green: same, yellow: same, red: same };

it("names who blocks a step", () => {
  const blockers = [{ pid: 7, user: "app", application: "worker", ageMs: 65_000, query: "SELECT 1" }];
  expect(runText({ event: "step-blocked", migration: "m", step: "s", blockers }, PLAIN)).toBe(
    "           blocked by pid 7, app, worker, in a transaction for 1 min 05 s: SELECT 1\n",
  );
});

it("leaves out what is not known of a prepared transaction that blocks a step", () => {
  const text = (ageMs: number | null) => {
    const blockers = [{ pid: 0, prepared: "x", user: "", application: "", ageMs, query: "end it" }];
    return runText({ event: "step-blocked", migration: "m", step: "s", blockers }, PLAIN).trim();
  };
  expect(text(null)).toBe('blocked by the prepared transaction "x": end it');
  expect(text(9_000)).toBe('blocked by the prepared transaction "x", prepared 9.0 s ago: end it');
});

it("shows each gate with its evidence, and counts unknown as not open", () => {
  const text = runText(
    {
      event: "gate",
      migration: "m",
      stage: "swap",
      gates: [
        { name: "verified", state: "open", reason: "no mismatching row" },
        { name: "replicas", state: "unknown", reason: "no answer" },
      ],
    },
    PLAIN,
  );
  expect(text).toContain("waits for its gates");
  expect(text).toMatch(/open\s+verified\s+no mismatching row/);
  expect(text).toMatch(/unknown\s+replicas\s+no answer/);
});

it("prints a rollback that can be run as it stands", () => {
  const text = runText({ event: "migration-done", migration: "20260101000000", status: "contracting" }, PLAIN);
  expect(text).toContain("`zmigrate rollback 20260101000000` brings it back");
});

it("says how many rows a backfill has changed where it is not all, and how many it has passed over", () => {
  const end = { event: "backfilled", migration: "1", step: "1-update" } as const;
  const said = (rows: number, rowsChanged: number, passedOver: number) =>
    runText({ ...end, rows, rowsChanged, passedOver }, PLAIN).trim();
  expect(said(300, 300, 0)).toBe("");
  expect(said(300, 0, 0)).toBe("0 rows changed of 300");
  expect(said(3_000, 2_994, 6)).toBe("2,994 rows changed of 3,000; 6 rows passed over: `zmigrate status` names them");
});

it("says when there is nothing to do", () => {
  expect(runText({ event: "done", migrations: 0, waiting: [] }, PLAIN)).toBe(
    "Nothing to do: every migration is finished.\n",
  );
  expect(runText({ event: "done", migrations: 0, waiting: [], gone: ["20260101000000"] }, PLAIN)).toBe(
    "Nothing to do: 20260101000000 was rolled back and its file is gone; every other migration is finished.\n",
  );
  expect(
    runText({ event: "done", migrations: 0, waiting: [], gone: ["20260101000000", "20260102000000"] }, PLAIN),
  ).toBe(
    "Nothing to do: 20260101000000, 20260102000000 were rolled back and their files are gone; every other migration is finished.\n",
  );
  expect(runText({ event: "done", migrations: 1, waiting: ["20260101000000"] }, PLAIN)).toContain("20260101000000");
});

it("prints one JSON object a line, with its time", () => {
  const line = runJson({ event: "done", migrations: 1, waiting: [] }, new Date("2026-01-02T03:04:05.678Z"));
  expect(line).toBe('{"time":"2026-01-02T03:04:05.678Z","event":"done","migrations":1,"waiting":[]}\n');
});

import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { useMemory } from "./temporary.js";

it("has temporary folders made where other users reach theirs, and removes them", () => {
  vi.stubEnv("TMPDIR", undefined);
  const [before, remove] = [tmpdir(), useMemory()];
  const folder = tmpdir();
  const made = mkdtempSync(join(folder, "zmigrate-"));
  expect(statSync(folder).mode & 0o001).toBe(1);
  remove();
  expect(existsSync(made)).toBe(folder === before);
  rmSync(made, { recursive: true, force: true });
});

it("obeys a TMPDIR that is set", () => {
  vi.stubEnv("TMPDIR", "/somewhere");
  useMemory()();
  expect(tmpdir()).toBe("/somewhere");
});

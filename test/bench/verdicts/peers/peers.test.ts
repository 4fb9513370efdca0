import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { findMigrationpilot } from "../../../../bench/verdicts/peers/migrationpilot.js";
import { findPgfence } from "../../../../bench/verdicts/peers/pgfence.js";
import { findProgram, PEERS_VARIABLE } from "../../../../bench/verdicts/peers/program.js";
import { findSquawk } from "../../../../bench/verdicts/peers/squawk.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-peers-"));
  vi.stubEnv(PEERS_VARIABLE, folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A program that prints its version, or what it is to have found, and ends as linters with findings do. */
function program(name: string, version: string, out: string): void {
  const file = join(folder, name);
  writeFileSync(join(folder, `${name}.out`), out);
  writeFileSync(
    file,
    `#!/bin/sh\n[ "$1" = --version ] && { echo "${name} ${version}"; exit 0; }\ncat "${file}.out"\nexit 1\n`,
  );
  chmodSync(file, 0o755);
}

it("finds programs in the peers' folder, where npm has put them too", () => {
  expect(findProgram("some-linter")).toBeNull();
  mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
  writeFileSync(join(folder, "node_modules", ".bin", "some-linter"), "");
  expect(findProgram("some-linter"), "it cannot be run").toBeNull();
  chmodSync(join(folder, "node_modules", ".bin", "some-linter"), 0o755);
  expect(findProgram("some-linter")).toBe(join(folder, "node_modules", ".bin", "some-linter"));
});

it("finds programs on PATH", () => {
  expect(findProgram("node", { PATH: process.env.PATH })).toMatch(/node$/);
  expect(findProgram("node", { PATH: "" })).toBeNull();
});

it("says that a peer is absent", () => {
  vi.stubEnv("PATH", folder);
  expect([findPgfence(), findMigrationpilot()]).toEqual([null, null]);
});

it("reads what squawk prints", () => {
  program("squawk", "2.66.0", '[{"rule_name":"renaming-column"},{"rule_name":"prefer-robust-stmts"}]');
  const peer = findSquawk();
  expect(peer?.name).toBe("squawk 2.66.0");
  expect(peer?.alarms("x.sql")).toEqual([
    { rule: "renaming-column", advice: false },
    { rule: "prefer-robust-stmts", advice: true },
  ]);
});

it("reads what pgfence prints: what it calls harmless is no alarm", () => {
  const checks = [
    { ruleId: "drop-column", risk: "HIGH" },
    { ruleId: "validate-constraint", risk: "LOW" },
  ];
  const policyViolations = [{ ruleId: "missing-lock-timeout" }, { ruleId: "concurrent-in-transaction" }];
  program("pgfence", "0.5.1", JSON.stringify({ results: [{ checks, policyViolations }] }));
  expect(findPgfence()?.alarms("x.sql")).toEqual([
    { rule: "drop-column", advice: false },
    { rule: "missing-lock-timeout", advice: true },
    { rule: "concurrent-in-transaction", advice: false },
  ]);
});

it("reads what migrationpilot prints", () => {
  program("migrationpilot", "1.6.1", '{"violations":[{"ruleId":"MP010"},{"ruleId":"MP004"}]}');
  expect(findMigrationpilot()?.alarms("x.sql")).toEqual([
    { rule: "MP010", advice: false },
    { rule: "MP004", advice: true },
  ]);
});

it("takes a file that a peer cannot read for an alarm", () => {
  program("migrationpilot", "1.6.1", "syntax error");
  expect(findMigrationpilot()?.alarms("x.sql")).toEqual([{ rule: "unreadable", advice: false }]);
});

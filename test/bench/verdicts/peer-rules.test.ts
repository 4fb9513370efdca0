import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { squawk } from "../../../bench/squawk.js";
import { PEER_RULES, squawkNames } from "../../../bench/verdicts/peer-rules.js";
import { peerTable } from "../../../bench/verdicts/peer-table.js";
import { findProgram } from "../../../bench/verdicts/peers/program.js";
import { SQUAWK_RULES } from "../../../bench/verdicts/squawk-rules.js";
import { RULES } from "../../../rules/index.js";
import { linksOf } from "../../docs/markdown.js";

it("has a line for each rule, and no other", () => {
  expect(Object.keys(PEER_RULES).toSorted()).toEqual(RULES.map(({ id }) => id).toSorted());
});

it("says of a rule that is called as squawk's that it is squawk's", () => {
  const shared = RULES.filter(({ id }) => SQUAWK_RULES.includes(id)).map(({ id }) => id);
  expect(shared.filter((id) => !PEER_RULES[id]?.squawk?.includes(id))).toEqual([]);
});

it("names rules of squawk that are there", () => {
  expect(squawkNames().filter((name) => !SQUAWK_RULES.includes(name))).toEqual([]);
  const program = findProgram("squawk") ?? squawk()?.file;
  if (program === undefined) return;
  const asked = (...rules: string[]) =>
    spawnSync(program, [`--exclude=${rules.join(",")}`], { input: "SELECT 1;", encoding: "utf8" }).status;
  expect(asked(...SQUAWK_RULES)).toBe(0);
  expect(asked("no-such-rule")).not.toBe(0);
});

it("links to files that are there", () => {
  expect(linksOf("docs/peers.md").filter((link) => !existsSync(join("docs", link)))).toEqual([]);
});

it("stands in docs/peers.md as the data are", () => {
  expect(readFileSync("docs/peers.md", "utf8"), "npx jiti bench/write-peers.ts").toContain(`\n${peerTable()}\n`);
});

import { Command } from "commander";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/commands/index.js";
import { LACKING, PLACE_FLAGS, withPlace } from "../../src/commands/printed-commands.js";

const PLACE = { config: "conf dir/z.json", env: "production", only: ["eu", "us"] };
const FLAGS = "--config 'conf dir/z.json' --env production --only eu --only us";

test.each([
  ["Run `zmigrate apply` again.", `Run \`zmigrate apply ${FLAGS}\` again.`],
  ["`zmigrate rollback 20260101000000`, then", `\`zmigrate rollback 20260101000000 ${FLAGS}\`, then`],
  ["`zmigrate new SLUG` names it", "`zmigrate new SLUG --config 'conf dir/z.json'` names it"],
  ["`zmigrate status --env a`", "`zmigrate status --env a --config 'conf dir/z.json' --only eu --only us`"],
  ["`zmigrate demo`; zmigrate apply; `zmigrate`", "`zmigrate demo`; zmigrate apply; `zmigrate`"],
])("%s", (text, said) => expect(withPlace(text, PLACE)).toBe(said));

test("what was not given, or cannot be written, is left out", () => {
  expect(withPlace("`zmigrate apply`", {})).toBe("`zmigrate apply`");
  expect(withPlace("`zmigrate apply`", { config: 'a"b', env: "x" })).toBe("`zmigrate apply --env x`");
});

test("each command is known to have these flags or not", async () => {
  for (const { name, load } of COMMANDS) {
    const command = new Command(name);
    (await load()).command.configure(command);
    const has = (flag: string) => command.options.some(({ long }) => long === `--${flag}`);
    expect([name, PLACE_FLAGS.filter(has)]).toEqual([name, PLACE_FLAGS.filter((flag) => !LACKING[flag].has(name))]);
  }
});

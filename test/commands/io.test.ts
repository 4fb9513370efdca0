import { expect, test } from "vitest";
import { wantsColor } from "../../src/commands/io.js";

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [true, { CI: "true" }, false],
  [true, { CI: "1" }, false],
  [true, { CI: "false" }, true],
  [true, { TERM: "dumb" }, false],
])("a terminal: %s, environment %j, colour: %s", (isTTY, env, expected) =>
  expect(wantsColor(isTTY, env)).toBe(expected),
);

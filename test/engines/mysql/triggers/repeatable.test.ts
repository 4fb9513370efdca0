import { describe, expect, it } from "vitest";
import { isRepeatable } from "../../../../src/engines/mysql/triggers/repeatable.js";

describe("a default that a trigger can compute again", () => {
  it.each([
    "CURRENT_TIMESTAMP",
    "current_timestamp(3)",
    "(curdate() + interval 1 day)",
    "(3 + 4)",
    "(_utf8mb4'it''s \\' uuid()')",
    "concat('a',_utf8mb4'b')",
    "json_array()",
    "0x6100",
    "(x'61')",
    "(-1.5e3)",
    "cast('2020-01-01' as date)",
  ])("is %s", (text) => expect(isRepeatable(text)).toBe(true));

  it.each([
    "(uuid())",
    "concat('a',uuid())",
    "rand()",
    "sysdate(6)",
    "(`id` + 1)",
    "(id + 1)",
    "(now() + interval `n` day)",
    "next value for `s`",
    "nextval(s)",
    "@x",
    '"a"',
    "'broken",
    "überall()",
  ])("is not %s", (text) => expect(isRepeatable(text)).toBe(false));
});

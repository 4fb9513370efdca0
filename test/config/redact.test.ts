import { expect, test } from "vitest";
import { redact, secretsOf } from "../../src/config/redact.js";

test.each([
  ["postgres://app:s3cret@db:5432/shop", "postgres://app:***@db:5432/shop"],
  ["cannot reach mysql://a:p@ss/w:rd@h/d now", "cannot reach mysql://a:***@h/d now"],
  ["'postgres://:pw@h/d'", "'postgres://:***@h/d'"],
  ["host=h password=s3cret user=u", "host=h password=*** user=u"],
  ["?user=u&password=s3cret&ssl=1", "?user=u&password=***&ssl=1"],
  ['{"password": "s3 cret"}', '{"password": ***}'],
  ["postgres://app@db:5432/shop", "postgres://app@db:5432/shop"],
  ["no secret here", "no secret here"],
])("%s", (text, shown) => expect(redact(text)).toBe(shown));

test("known secrets are hidden wherever they stand", () => {
  const secrets = secretsOf(["mysql://u:p%40ssword@h/d", "plain", "postgres://u:abc@h/d"]);
  expect(secrets).toEqual(["p%40ssword", "p@ssword"]);
  expect(redact("denied: p@ssword, p%40ssword", secrets)).toBe("denied: ***, ***");
});

test("a password with a broken escape is still one", () => {
  expect(secretsOf(["mysql://u:100%sure@h/d"])).toEqual(["100%sure"]);
});

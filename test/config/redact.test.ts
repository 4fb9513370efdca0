import fc from "fast-check";
import { expect, test } from "vitest";
import { redact, secretsOf, spellingsOf } from "../../src/config/redact.js";

test.each([
  ["postgres://app:s3cret@db:5432/shop", "postgres://app:***@db:5432/shop"],
  ["cannot reach mysql://a:p@ss/w:rd@h/d now", "cannot reach mysql://a:***@h/d now"],
  ["'postgres://:pw@h/d'", "'postgres://:***@h/d'"],
  ["'postgres://u:it's@h/d'", "'postgres://u:***@h/d'"],
  ["host=h password=s3cret user=u", "host=h password=*** user=u"],
  ["?user=u&password=s3cret&ssl=1", "?user=u&password=***&ssl=1"],
  ['{"password": "s3 cret"}', '{"password": ***}'],
  ["postgres://app@db:5432/shop", "postgres://app@db:5432/shop"],
  ["no secret here", "no secret here"],
])("%s", (text, shown) => expect(redact(text)).toBe(shown));

test("known secrets are hidden wherever they stand", () => {
  const secrets = secretsOf(["mysql://u:p%40ssword@h/d", "plain", "postgres://u:abc@h/d"]);
  expect(secrets).toEqual(expect.arrayContaining(["p%40ssword", "p@ssword"]));
  expect(redact("denied: p@ssword, p%40ssword", secrets)).toBe("denied: ***, ***");
});

test("a password with a broken escape is still one", () => {
  expect(secretsOf(["mysql://u:100%sure@h/d"])).toContain("100%sure");
});

test("of several URLs in one variable each has its own", () => {
  const secrets = secretsOf(["postgres://u:first-1@h/d, postgres://u:second-2@i/d"]);
  expect(redact("first-1 or second-2 at h", secrets)).toBe("*** or *** at h");
});

test("secrets that overlap leave no part of one", () => {
  expect(redact("-abcabcab-", ["abcabc", "bcab"])).toBe("-***-");
  expect(redact("-abcdef-", ["abcd", "abcdef"])).toBe("-***-");
  expect(redact("abcd abcd", ["abcd"])).toBe("*** ***");
});

test("a name that is the password too is shown as a name, and hidden in its URL", () => {
  const secrets = secretsOf(["postgres://deploy:deploy@h/shop"]);
  expect(redact('GRANT CREATE ON DATABASE "shop" TO "deploy"', secrets)).toContain('TO "deploy"');
  expect(redact("postgres://deploy:deploy@h/shop", secrets)).toBe("postgres://deploy:***@h/shop");
});

test("what a server says of passwords is not taken for one", () => {
  const secrets = secretsOf(["mysql://u:password@h/d"]);
  const said = "Access denied for user 'u'@'h' (using password: YES)";
  expect(redact(said, secrets)).toBe(said);
  expect(redact("it was password", secrets)).toBe("it was ***");
});

test.each([
  ["as it is", `p@ss:w/or%d'"x\\y $z`],
  ["as a URL has it", "p%40ss%3Aw%2For%25d'%22x%5Cy%20%24z"],
  ["in small letters", "p%40ss%3aw%2for%25d%27%22x%5cy%20%24z"],
  ["as Python has it", "p%40ss%3Aw/or%25d%27%22x%5Cy%20%24z"],
  ["as Go has it", "p%40ss%3Aw%2For%25d%27%22x%5Cy%20$z"],
  ["as a form has it", "p%40ss%3Aw%2For%25d%27%22x%5Cy+%24z"],
  ["in JSON, and in an option file", `p@ss:w/or%d'\\"x\\\\y $z`],
  ["in a shell's quotes", `p@ss:w/or%d'\\''"x\\y $z`],
  ["in a shell's double quotes", `p@ss:w/or%d'\\"x\\\\y \\$z`],
  ["as a shell prints a word", `p@ss:w/or%d\\'\\"x\\\\y\\ \\$z`],
  ["in SQL", `p@ss:w/or%d''"x\\y $z`],
  ["in SQL with backslashes", `p@ss:w/or%d\\'\\"x\\\\y $z`],
  ["in a list of arguments", `p@ss:w/or%d'\\\\''\\"x\\\\y $z`],
])("a password is hidden %s", (_, shown) => {
  const secrets = spellingsOf(`p@ss:w/or%d'"x\\y $z`, []);
  expect(redact(`it is [${shown}].`, secrets)).toBe("it is [***].");
});

test("a password that is too short, or a name, is hidden where it stands as one alone", () => {
  const said = "mysql://us:us@host and users";
  expect(redact(said, spellingsOf("us", []))).toBe("mysql://us:***@host and users");
  expect(redact("altered users", spellingsOf("users", ["users"]))).toBe("altered users");
});

/** Of a password, no four letters in a row that would not stand there with another one. */
function partOf(password: string, printed: string, otherwise: string): string | null {
  const letters = [...password];
  for (let at = 0; at + 4 <= letters.length; at += 1) {
    const part = letters.slice(at, at + 4).join("");
    if (printed.includes(part) && !otherwise.includes(part)) return part;
  }
  return null;
}

test("no part of any password is left, as it was written or decoded", () => {
  const password = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ unit: fc.constantFrom(..."@/#?:%& '\"ab1"), minLength: 4 }),
  );
  fc.assert(
    fc.property(password, fc.boolean(), (secret, encode) => {
      const written = encode ? encodeURIComponent(secret) : secret;
      const message = (p: string) => `cannot take 'postgres://app:${p}@db:5432/shop'; ${p}: refused`;
      const secrets = secretsOf([`postgres://app:${written}@db:5432/shop`]);
      const otherwise = message("***");
      for (const p of [written, secret]) expect(partOf(p, redact(message(p), secrets), otherwise)).toBeNull();
    }),
    { numRuns: 3_000 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDatabaseUrl, urlProblem } from "../../src/engines/url.js";

test.each([
  "postgres://u:s%40Ec%3A%2Fret@host/x",
  "postgres://u:a:b:c@host:5432/x?sslmode=require",
  "postgresql://u@host",
  "postgres:///x?host=/var/run/postgresql",
  "postgres://u:p@[::1]:5432/x",
  "mysql://u:p!$&'()*+,;=~@h/d?ssl-mode=REQUIRED",
  "mariadb://h:1/d?socket=/run/mysqld.sock",
])("%s is a URL", (url) => {
  expect(urlProblem(url)).toBeNull();
  expect(parseDatabaseUrl(url)).toEqual(new URL(url));
});

test.each([
  ["", "empty"],
  ["nonsense", "it is not a URL"],
  ["u:secret@h/d", "it is not a URL"],
  ["postgres:/u:secret@h/d", "two slashes are missing"],
  ["postgres://u:s@Ec:/ret@host/x", "percent-encode @ as %40, / as %2F"],
  ["postgres://u:se@ret@host/x", "percent-encode @ as %40"],
  ["postgres://u:se/ret@host/x", "percent-encode @ as %40"],
  ["postgres://u:12/ret@host/x", "percent-encode @ as %40"],
  ["postgres://u:se#ret@host/x", "percent-encode @ as %40"],
  ["postgres://u:se?ret@host/x", "percent-encode @ as %40"],
  ["postgres://u@host/x?password=se#ret", "there is a # in it"],
  ["postgres://u:se cret@host/x", "there is a space"],
  ["postgres://u:se\ncret@host/x", "there is a space"],
  ["postgres://u:100%sure@host/x", "that is not %XX"],
  ["postgres://u:%ff%fe@host/x", "no UTF-8"],
  ["postgres://u:p@h:99999/d", "its port is not between 1 and 65535"],
  ["postgres://u:p@h:0/d", "its port is not between 1 and 65535"],
  ["mysql://h:123456", "its port is not between 1 and 65535"],
  ["mysql://h:54a/d", "its port is not a number"],
  ["mysql://[::1]:x/d", "its port is not a number"],
  ["mysql://u@:3306/d", "it is not a URL"],
])("%s: %s", (url, reason) => {
  expect(urlProblem(url)).toContain(reason);
  expect(() => parseDatabaseUrl(url)).toThrow(reason);
});

test("a password that was encoded is taken as it is, whatever it holds", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (password) => {
      const url = `postgres://u:${encodeURIComponent(password)}@h:5432/d`;
      expect(urlProblem(url)).toBeNull();
      const parsed = new URL(url);
      expect([decodeURIComponent(parsed.password), parsed.host]).toEqual([password, "h:5432"]);
    }),
  );
});

test("a password that was not is either refused or taken as it is, never cut", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."@/#?:%&= \\[]a1") });
  fc.assert(
    fc.property(letters, (password) => {
      const url = `postgres://u:${password}@h:5432/d`;
      if (urlProblem(url) !== null) return;
      const parsed = new URL(url);
      expect(parsed.host).toBe("h:5432");
      expect(decodeURIComponent(parsed.password)).toBe(decodeURIComponent(password));
    }),
    { numRuns: 2_000 },
  );
});

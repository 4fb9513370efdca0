import { expect, test } from "vitest";
import { reportPath, reportUri } from "../../../src/report/lint/path.js";

test.each([
  ["m/a.sql", undefined, "m/a.sql"],
  ["./m/a.sql", undefined, "m/a.sql"],
  ["/repo/m/a.sql", "/repo", "m/a.sql"],
  ["/else/a.sql", "/repo", "/else/a.sql"],
  ["../a.sql", "/repo", "../a.sql"],
])("%s below %s is %s", (file, root, path) => expect(reportPath(file, root)).toBe(path));

test.each([
  ["m/a b#?%.sql", "m/a%20b%23%3F%25.sql"],
  ["/x/ä.sql", "file:///x/%C3%A4.sql"],
  ["a:b.sql", "a%3Ab.sql"],
  ["\ud800.sql", "%EF%BF%BD.sql"],
])("%s as a URI", (file, uri) => expect(reportUri(file, undefined)).toBe(uri));

import fc from "fast-check";
import { expect, it } from "vitest";
import { readCsv } from "../../src/queries/csv.js";

it.each([
  [
    'a,b\n1,"x, ""y"""\n',
    [
      ["a", "b"],
      ["1", 'x, "y"'],
    ],
  ],
  ['a\n"two\nlines"', [["a"], ["two\nlines"]]],
  [
    "a,b\n,\n\n",
    [
      ["a", "b"],
      ["", ""],
    ],
  ],
  ['"",b', [["", "b"]]],
])("reads %j", (text, records) => {
  expect(readCsv(text)).toEqual(records);
});

it.each(['"without an end', '"a"b,c', '"a" ,b'])("reads nothing of %s, which is no CSV", (text) => {
  expect(readCsv(text)).toBeNull();
});

it("reads what was written", () => {
  const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;
  const records = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(records, (written) => {
      const text = written.map((r) => `${r.map(quoted).join(",")}\n`).join("");
      expect(readCsv(text)).toEqual(written);
    }),
  );
});

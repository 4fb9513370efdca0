import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeText } from "../../src/files/write-text.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "zmigrate-write-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["LF", "a\nb\n", "a\nB\n", "a\nB\n"],
  ["CRLF", "a\r\nb\r\n", "a\nB\nC\n", "a\r\nB\r\nC\r\n"],
  ["a byte order mark", "\uFEFFa\n", "A\n", "\uFEFFA\n"],
  ["mixed line ends", "a\r\nb\nc\r\nd", "a\nB\nc\nd", "a\r\nB\nc\r\nd"],
])("a text in its file's old form: %s", (_, old, text, expected) => {
  const file = join(folder, "a.sql");
  writeFileSync(file, old);
  writeText(file, text);
  expect(readFileSync(file, "utf8")).toBe(expected);
});

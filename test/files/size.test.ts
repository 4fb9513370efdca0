import { expect, test } from "vitest";
import { parseSize, showSize } from "../../src/files/size.js";

test.each([
  ["0B", 0],
  ["512kB", 524_288],
  ["1.5MB", 1_572_864],
  ["10GB", 10_737_418_240],
  ["2TB", 2_199_023_255_552],
])("%s is %d bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each(["", "10", "10gb", "10 GB", "-1MB", "1KB", "9999999999TB"])("%j is no size", (text) => {
  expect(parseSize(text)).toBeNull();
});

test.each([
  [0, "0 B"],
  [1_023, "1023 B"],
  [1_536, "1.5 kB"],
  [10_737_418_240, "10.0 GB"],
  [2 ** 60, "1048576.0 TB"],
])("%d bytes are shown as %s", (bytes, text) => {
  expect(showSize(bytes)).toBe(text);
});

import { expect, it } from "vitest";
import { atLeast, versionOf } from "../../../src/engines/mysql/version.js";

it("reads versions as the servers print them", () => {
  expect(versionOf("8.0.36-0ubuntu0.22.04.1")).toEqual({ text: "8.0.36", parts: [8, 0, 36] });
  expect(versionOf("10.11.14-MariaDB-0+deb12u2-log").parts).toEqual([10, 11, 14]);
  expect(versionOf("5.5.5-10.6.12-MariaDB").parts).toEqual([10, 6, 12]);
});

it("compares versions part by part", () => {
  expect(atLeast(versionOf("8.0.36"), 8, 0, 29)).toBe(true);
  expect(atLeast(versionOf("8.0.9"), 8, 0, 29)).toBe(false);
  expect(atLeast(versionOf("9.1.0"), 8, 0, 29)).toBe(true);
  expect(atLeast(versionOf("8.0.29"), 8, 0, 29)).toBe(true);
});

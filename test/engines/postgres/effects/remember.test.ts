import { expect, it } from "vitest";
import { remembered } from "../../../../src/engines/postgres/effects/remember.js";

it("asks once for each text, also when the answer is nothing", () => {
  const asked: string[] = [];
  const length = remembered((text) => {
    asked.push(text);
    return text === "" ? null : text.length;
  });
  expect([length("ab"), length(""), length("ab"), length("")]).toEqual([2, null, 2, null]);
  expect(asked).toEqual(["ab", ""]);
});

it("forgets when it has seen very many, and goes on", () => {
  let asked = 0;
  const same = remembered((text) => {
    asked++;
    return text;
  });
  for (let i = 0; i < 20_000; i++) expect(same(String(i))).toBe(String(i));
  same("19999");
  expect(asked).toBe(20_000);
});

it("keeps no answer of a failure", () => {
  let fails = true;
  const sometimes = remembered((text) => {
    if (fails) throw new Error(text);
    return text;
  });
  expect(() => sometimes("a")).toThrow("a");
  fails = false;
  expect(sometimes("a")).toBe("a");
});

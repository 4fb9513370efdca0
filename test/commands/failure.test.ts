import { expect, test } from "vitest";
import { reportFailure } from "../../src/commands/failure.js";
import { ZmigrateError } from "../../src/errors.js";
import { sandbox } from "./support.js";

function reported(error: unknown, env = {}, secrets: readonly string[] = []) {
  const box = sandbox(env);
  const code = reportFailure(error, box.io, secrets);
  box.remove();
  return { code, text: box.stderr(), stdout: box.stdout() };
}

test("a known error is its sentence, its help and its exit code", () => {
  const error = new ZmigrateError("runner-locked", { holder: "pid 5", waitedMs: 60_000 });
  expect(reported(error)).toEqual({ code: 4, text: `error: ${error.message}\n  ${error.help}\n`, stdout: "" });
});

test.each([new TypeError("x is not a function"), "a thrown text", undefined])(
  "%s is our defect, without a stack",
  (error) => {
    const { code, text } = reported(error);
    expect(code).toBe(3);
    expect(text).toContain("zmigrate has a defect");
    expect(text).not.toContain("at ");
  },
);

test("the stack and its causes are there with ZMIGRATE_DEBUG", () => {
  const { text } = reported(new Error("outer", { cause: new Error("inner") }), { ZMIGRATE_DEBUG: "1" });
  expect(text).toMatch(/Error: outer\n\s+at [\s\S]*caused by: Error: inner\n\s+at /);
});

test("a name of a database does not move the cursor", () => {
  const error = new ZmigrateError("baseline-differs", { to: "1", differences: ["table a\u001b[2Jb\u202e"] });
  expect(reported(error).text).toContain("table a\uFFFD[2Jb\uFFFD\n");
});

test("passwords are hidden, also in stacks", () => {
  const error = new Error("cannot reach postgres://app:hunter22@db/x, hunter22 refused");
  const { text } = reported(error, { ZMIGRATE_DEBUG: "1" }, ["hunter22"]);
  expect(text).not.toContain("hunter22");
});

test("a password that is a word of a message does not change our words", () => {
  const error = new ZmigrateError("runner-locked", { holder: "pid 5, database=x", waitedMs: 60_000 });
  const { text } = reported(error, {}, ["database", "zmigrate"]);
  expect(text).toContain("Another zmigrate runs on this database: pid 5, ***=x.");
});

import { describe, expect, it } from "vitest";
import { limitJudge } from "../../src/engines/limit.js";

/** A judge whose clock is moved by hand. */
function judgeOf(max: number) {
  let now = 1_000;
  const judge = limitJudge(max, () => now);
  return {
    read: (value: number) => judge(value, "why"),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe("the judge of a number", () => {
  it("stops above the limit, and is calm at 80 % of it", () => {
    const { read } = judgeOf(100);
    expect(read(100)).toEqual({ ok: true, calm: false, reason: "why", lagMs: null });
    expect(read(101)).toEqual({ ok: false, calm: false, reason: "why", lagMs: null });
    expect(read(81)).toMatchObject({ ok: true, calm: false });
    expect(read(80)).toMatchObject({ ok: true, calm: true });
  });

  it("is calm when the number has kept to the limit for ten seconds, from its last excess on", () => {
    const { read, pass } = judgeOf(1);
    read(1);
    pass(9_000);
    read(2);
    pass(9_000);
    expect(read(1)).toMatchObject({ ok: true, calm: false });
    pass(9_999);
    expect(read(1)).toMatchObject({ ok: true, calm: false });
    pass(1);
    expect(read(1)).toMatchObject({ ok: true, calm: true });
  });

  it("takes what is no number for too much, and none for no excess of 0", () => {
    expect(judgeOf(5).read(Number.NaN)).toMatchObject({ ok: false, calm: false });
    expect(judgeOf(0).read(0)).toMatchObject({ ok: true, calm: true });
  });
});

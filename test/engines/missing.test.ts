import { expect, test } from "vitest";
import { allOf } from "../../src/engines/missing.js";
import { ZmigrateError } from "../../src/errors.js";

const missing = (object: string) => () => {
  throw new ZmigrateError("missing-privilege", {
    user: "u",
    privilege: "use X",
    object,
    grant: `GRANT X ON ${object}`,
  });
};
const noKey = () => {
  throw new ZmigrateError("no-key", { relation: "t" });
};

test("all that are missing are told at once, each once", async () => {
  const failed = allOf([() => allOf([missing("a"), missing("b")]), missing("b"), () => undefined, missing("c")]);
  await expect(failed).rejects.toMatchObject({
    code: "missing-privilege",
    message: "The role u may not use X on a; nor use X on b; nor use X on c.",
    help: "Let an administrator run: GRANT X ON a; GRANT X ON b; GRANT X ON c. Nothing was changed.",
  });
});

test("what is no matter of rights is told as it is, unless a right was missing before it", async () => {
  await expect(allOf([noKey, missing("a")])).rejects.toMatchObject({ code: "no-key" });
  await expect(allOf([missing("a"), noKey])).rejects.toMatchObject({ code: "missing-privilege" });
  await allOf([() => undefined, async () => undefined]);
});

import { expect, it } from "vitest";
import { targetOf } from "../../src/engines/postgres/execute/connect.js";
import { classify, describe as describeError } from "../../src/engines/postgres/execute/errors.js";
import { replicaName, replicaReason, replicaUnusable, tryReplicas } from "../../src/engines/replica.js";
import { ZmigrateError } from "../../src/errors.js";

it("names a replica by its place, whatever is wrong with its URL, without user and password", () => {
  const name = (url: string) => replicaName(url, targetOf);
  expect(name("postgres://app:s3cret@h/shop")).toBe("h:5432/shop");
  expect(name("mysql://app:s3cret@h:3306/shop")).toBe("h:3306/shop");
  for (const url of ["app:s3cret@h/shop", "postgres:/app:s3cret@h/shop", "s3cret"])
    expect(name(url)).toBe("named by --replica-url");
});

it("says why it cannot be watched", () => {
  const because = (error: unknown) =>
    replicaReason(replicaUnusable("h:1/x", error, { classify, describe: describeError }));
  const refused = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
  expect(because(new ZmigrateError("cannot-connect", { target: "h", reason: "nobody." }, { cause: refused }))).toBe(
    "replica h:1/x does not answer: nobody.",
  );
  expect(because(new ZmigrateError("cannot-connect", { target: "h", reason: "wrong password" }))).toBe(
    "replica h:1/x refuses the connection: wrong password",
  );
  expect(because(new ZmigrateError("wrong-server", { target: "h", expected: "MySQL", found: "MariaDB 10" }))).toBe(
    "replica h:1/x is MariaDB 10, not MySQL.",
  );
  expect(because(new ZmigrateError("bad-database-url", { reason: "it is not a URL" }))).toBe(
    "replica h:1/x has no usable URL: it is not a URL.",
  );
  expect(because(new Error("permission denied"))).toBe("replica h:1/x cannot be read: permission denied");
  expect(because(refused)).toBe("replica h:1/x does not answer: x");
});

it("tells the first of the list that cannot be used, and closes those that can", async () => {
  let closed = 0;
  const open = async (url: string) => {
    if (url.startsWith("bad")) throw new Error(url);
    return {
      close: async () => {
        closed += 1;
      },
    };
  };
  await expect(tryReplicas(["a", "bad 1", "b", "bad 2"], open)).rejects.toThrow("bad 1");
  expect(closed).toBe(2);
  await tryReplicas(["a"], open);
  expect(closed).toBe(3);
});

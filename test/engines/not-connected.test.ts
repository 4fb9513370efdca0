import { expect, it } from "vitest";
import { notConnected } from "../../src/engines/not-connected.js";
import { ZmigrateError } from "../../src/errors.js";

it("tells a driver's error as a connection that was not made, and leaves what has words of its own", () => {
  const told = notConnected("127.0.0.1:3306/shop", () => "Connection lost");
  expect(() => told(new Error("x"))).toThrow(/Cannot connect to 127\.0\.0\.1:3306\/shop: Connection lost/);
  const own = new ZmigrateError("no-database-url", {});
  expect(() => told(own)).toThrow(own);
});

import { describe, expect, it } from "vitest";
import { connectionOptions, targetOf } from "../../../../src/engines/mysql/execute/url.js";

describe("a database URL", () => {
  it("gives host, port, database, and user and password without their escapes", () => {
    expect(connectionOptions("mysql://d%40y:p%2F%3F%25@db.example:3307/my%20app")).toEqual({
      host: "db.example",
      port: 3307,
      user: "d@y",
      password: "p/?%",
      database: "my app",
    });
    expect(connectionOptions("mariadb://u@[::1]/d")).toMatchObject({ host: "::1", port: 3306 });
    expect(connectionOptions("mysql://u@x/d?socket=/run/s.sock")).toMatchObject({ socketPath: "/run/s.sock" });
  });

  it("is shown without user and password", () => {
    expect(targetOf("mysql://deploy:secret@db/app")).toBe("db:3306/app");
  });

  it.each([
    ["no url", "not a URL"],
    ["postgres://x/y", "is not mysql:// or mariadb://"],
    ["mysql://h", "names no database"],
    ["mysql://h/d?sslmode=require", "parameter sslmode is not known"],
    ["mysql://h/d?ssl-mode=PREFERRED", "ssl-mode=PREFERRED"],
    ["mysql://u:%zz@h/d", "a % in it that is not %XX"],
  ])("is refused when it is %s, without its password", (url, reason) => {
    expect(() => connectionOptions(url)).toThrow(reason);
  });

  it("asks for the encryption that it names", () => {
    expect(connectionOptions("mysql://h/d?ssl-mode=REQUIRED").ssl).toEqual({ rejectUnauthorized: false });
    expect(connectionOptions("mysql://h/d?ssl-mode=verify_identity").ssl).toEqual({
      rejectUnauthorized: true,
      verifyIdentity: true,
    });
    expect(connectionOptions("mysql://h/d?ssl-mode=DISABLED").ssl).toBeUndefined();
  });
});

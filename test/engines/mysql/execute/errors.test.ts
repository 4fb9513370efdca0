import { describe, expect, it } from "vitest";
import { classify, describe as tell } from "../../../../src/engines/mysql/execute/errors.js";
import { describeDialects } from "../support/database.js";

describe("errors", () => {
  it("are classified by number, or by the socket's code", () => {
    const of = (errno: number) => classify(Object.assign(new Error("x"), { errno }));
    expect([1205, 1213, 3024, 2013, 1290, 1142, 1197, 1114, 3675, 1062, 1064].map(of)).toEqual([
      "lock-timeout",
      "deadlock",
      "statement-timeout",
      "connection-lost",
      "read-only",
      "permission",
      "too-large",
      "disk-full",
      "disk-full",
      "data",
      "other",
    ]);
    const writing = (why: string) =>
      Object.assign(new Error(`Error writing file './binlog.000001' ${why}`), { errno: 3 });
    expect(classify(writing('(Errcode: 28 "No space left on device")'))).toBe("disk-full");
    expect(classify(writing("(OS errno 28 - No space left on device)"))).toBe("disk-full");
    expect(classify(writing('(Errcode: 5 "Input/output error")'))).toBe("other");
    expect(classify(Object.assign(new Error("x"), { code: "ECONNRESET" }))).toBe("connection-lost");
    expect(classify("x")).toBe("other");
  });

  it("are told with their number", () => {
    expect(tell(Object.assign(new Error("Duplicate entry"), { errno: 1062 }))).toBe("Duplicate entry (error 1062)");
    expect(tell(Object.assign(new Error("Impossible to write"), { errno: 1665 }))).toBe(
      "Impossible to write (error 1665): zmigrate works at READ COMMITTED, which the server logs with binlog_format ROW or MIXED only",
    );
    expect(tell("text")).toBe("text");
  });
});

describeDialects("errors", (bench) => {
  it("classifies what the server says of a value that does not fit", async () => {
    await bench.sql(
      "CREATE TABLE narrow (id int PRIMARY KEY, v varchar(3) NOT NULL)",
      "INSERT INTO narrow VALUES (1, 'a')",
    );
    for (const sql of [
      "INSERT INTO narrow VALUES (1, 'b')",
      "INSERT INTO narrow VALUES (2, 'long')",
      "INSERT INTO narrow (id) VALUES (3)",
      "UPDATE narrow SET v = NULL",
    ]) {
      const error = await bench
        .session()
        .query(sql)
        .catch((e: unknown) => e);
      expect(bench.database().classify(error), sql).toBe("data");
    }
  });
});

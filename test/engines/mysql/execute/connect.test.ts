import { expect, it } from "vitest";
import { createMysqlEngine } from "../../../../src/engines/mysql/index.js";
import { describeDialects, OPTIONS } from "../support/database.js";

describeDialects("connect", (bench) => {
  const engine = createMysqlEngine(bench.dialect);
  const url = (change: Partial<URL>) => Object.assign(new URL(bench.test().url), change).href;

  it("tells which server it is", () => {
    const { server } = bench.database();
    expect(server.engine).toBe(bench.dialect);
    expect(server.version.parts[0]).toBeGreaterThanOrEqual(8);
    expect(server.identity).not.toBe("");
    expect(server.target).toMatch(new RegExp(`^[\\w.]+:\\d+/${bench.test().name}$`));
  });

  it("refuses the other server of the family", async () => {
    const other = createMysqlEngine(bench.dialect === "mysql" ? "mariadb" : "mysql");
    await expect(other.connect(bench.test().url, OPTIONS)).rejects.toMatchObject({ code: "wrong-server", exitCode: 2 });
  });

  it.each([
    ["a wrong password", { password: "s3cret-wrong" }],
    ["a port where nothing listens", { port: "1" }],
    ["a database that does not exist", { pathname: "/zmigrate_no_such" }],
  ])("says so when it cannot connect for %s, without the password", async (_, change) => {
    const failure = await engine.connect(url(change), OPTIONS).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "cannot-connect", exitCode: 3 });
    expect(JSON.stringify([String(failure), failure])).not.toContain("s3cret-wrong");
  });

  it("sets what every statement relies on", async () => {
    const [row] = await bench
      .session()
      .query<Record<string, string>>(
        `SELECT @@session.sql_mode AS mode, @@session.time_zone AS zone, @@session.autocommit AS auto, @@session.${bench.dialect === "mysql" ? "transaction_isolation" : "tx_isolation"} AS level`,
      );
    expect(row?.mode).toContain("STRICT_ALL_TABLES");
    expect(row?.mode).not.toContain("NO_ZERO");
    expect(row).toMatchObject({ zone: "+00:00", level: "READ-COMMITTED" });
    expect(Number(row?.auto)).toBe(1);
  });

  it("lets a session that holds a lock be idle for weeks, and sets nothing that asks for a privilege", async () => {
    const session = await bench.another();
    const [row] = await session.query<{ idle: string }>("SELECT @@session.wait_timeout AS idle");
    expect(Number(row?.idle)).toBeGreaterThan(14 * 24 * 3_600);
    const user = `zm_plain_${Date.now()}`;
    await bench.sql(
      `CREATE USER ${user}@'%' IDENTIFIED BY 'pw'`,
      `GRANT SELECT ON \`${bench.test().name}\`.* TO ${user}@'%'`,
    );
    const plain = await engine.connect(url({ username: user, password: "pw" }), OPTIONS);
    await (await plain.open()).close();
    await bench.sql(`DROP USER ${user}@'%'`);
  });

  it("hands over big numbers, decimals, dates and JSON as the texts that they are", async () => {
    const [row] = await bench
      .session()
      .query(
        "SELECT CAST(18446744073709551615 AS UNSIGNED) AS big, CAST(1.10 AS DECIMAL(5,2)) AS dec_, CAST('2020-01-02 03:04:05.678' AS DATETIME(3)) AS moment, ? AS text_, ? AS nothing",
        ["it's `?` \\ ü", null],
      );
    expect(row).toEqual({
      big: "18446744073709551615",
      dec_: "1.10",
      moment: "2020-01-02 03:04:05.678",
      text_: "it's `?` \\ ü",
      nothing: null,
    });
  });

  it("gives the rows of the last statement of a packet, and none for a statement without rows", async () => {
    expect(await bench.session().query("SELECT 1 AS a; SELECT 'x' AS b")).toEqual([{ b: "x" }]);
    expect(await bench.session().query("SELECT 1 AS a; DO 0")).toEqual([]);
    expect(await bench.session().query("DO 0")).toEqual([]);
    expect(await bench.session().query("SELECT 1 AS a WHERE FALSE")).toEqual([]);
  });

  it("notices when its connection is killed, and calls that a lost connection", async () => {
    const session = await bench.another();
    const waiting = session.query("SELECT SLEEP(20)").catch((error: unknown) => error);
    await bench.sql(`KILL ${session.id}`);
    expect(["connection-lost", "statement-timeout"]).toContain(bench.database().classify(await waiting));
    await expect.poll(() => session.lost.aborted, { timeout: 5_000 }).toBe(true);
    const error = await session.query("SELECT 1").catch((e: unknown) => e);
    expect(bench.database().classify(error)).toBe("connection-lost");
  });

  it("ends a running statement on the server when it is closed", async () => {
    const session = await bench.another();
    const cut = session.query("SELECT SLEEP(30)").catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await session.close();
    expect(["connection-lost", "statement-timeout"]).toContain(bench.database().classify(await cut));
    const left = () => bench.session().query(`SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ${session.id}`);
    await expect.poll(left, { timeout: 5_000 }).toEqual([]);
  });

  it("answers a question by the truth of its first column", async () => {
    const ask = (sql: string) => bench.database().ask(bench.session(), sql);
    expect([await ask("SELECT 1"), await ask("SELECT 0"), await ask("SELECT NULL")]).toEqual([true, false, false]);
    expect([await ask("SELECT 'x'"), await ask("SELECT 1 FROM DUAL WHERE FALSE")]).toEqual([false, false]);
  });
});

import { expect, it } from "vitest";
import { defaultValue } from "../../../../src/engines/mysql/effects/default-value.js";
import { describeServer } from "../../../servers/index.js";
import { accepted } from "./accepted.js";

const TABLE = ["CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)"];

const UNSAFE = `uuid() uuid_short() rand() random_bytes(4) user() current_user() session_user() system_user()
  sysdate()`.split(/\s+/);

const ONCE = `now() current_timestamp() localtime() localtimestamp() curdate() current_date() curtime() current_time()
  utc_date() utc_time() concat('a','b') floor(1.5) ceil(1.5) ceiling(1.5) abs(-1) round(1.5) lower('A')
  upper('a') json_array(1) json_object('a',1) unix_timestamp() user() current_user() rand() date(now()) time(now())
  timestamp('2020-01-01') true null now()+interval(1)day day(now()) hour(now()) minute(now()) second(now())
  month(now()) year(now()) week(now())`.split(/\s+/);

describeServer("mysql", (mysql) => {
  it.each(UNSAFE)("MySQL refuses %s as a default, as the model says", async (call) => {
    const db = await mysql.createDatabase("unsafe");
    const sql = `ALTER TABLE t ADD n varchar(200) DEFAULT (${call})`;
    expect((await accepted(db.url, TABLE, sql)).error).toBe(1674);
    expect(defaultValue(`(${call})`, "mysql")).toMatchObject({ instant: false, unsafe: true });
    await db.drop();
  });
});

describeServer("mariadb", (mariadb) => {
  it.each(ONCE)("MariaDB computes %s once for all rows, as the model says", async (call) => {
    const db = await mariadb.createDatabase("once");
    const sql = `ALTER TABLE t ADD n varchar(200) DEFAULT (${call})`;
    expect(await accepted(db.url, TABLE, sql)).toMatchObject({ algorithm: "INSTANT", error: null });
    expect(defaultValue(`(${call})`, "mariadb")).toEqual({ instant: true, unsafe: false, unknown: false });
    await db.drop();
  });
});

it.each([
  ["1", true, true],
  ["- 1.5e3", true, true],
  ["'uuid()'", true, true],
  ["_latin1 x'41'", true, true],
  ["NULL", true, true],
  ["CURRENT_TIMESTAMP (6)", true, true],
  ["(1)", false, true],
  ["(c)", false, false],
  ["(`now`)", false, false],
  ["(app_code())", false, false],
])("%s is the same for every row: MySQL %s, MariaDB %s", (text, mysql, mariadb) => {
  expect(defaultValue(text, "mysql").instant).toBe(mysql);
  expect(defaultValue(text, "mariadb").instant).toBe(mariadb);
});

it("says when a function is not known", () => {
  expect(defaultValue("(app_code())", "mariadb").unknown).toBe(true);
  expect(defaultValue("(uuid())", "mariadb").unknown).toBe(false);
});

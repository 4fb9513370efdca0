#!/usr/bin/env node
// Stands for pt-online-schema-change: takes its arguments, fills a second table and exchanges the two. `--mode=` makes it fail
// or hang half-way, hang when all is done (`late`), lie, lose the rows (`some` of them, or all but `most`), drop the old table besides (`gone`), or before the exchange (`taken`); `--mark=FILE` is written with its arguments and the mode of its file of credentials.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createConnection } from "mysql2/promise";

const args = process.argv.slice(2);
const given = (flag) => args.find((a) => a.startsWith(`--${flag}=`))?.slice(flag.length + 3) ?? "";
const dsn = Object.fromEntries((args.at(-1) ?? "").split(",").map((part) => part.split("=")));
const conf = given("defaults-file");
const read = (key) => JSON.parse(new RegExp(`^${key}=(.*)$`, "m").exec(readFileSync(conf, "utf8"))?.[1] ?? '""');
const [mode, mark] = [given("mode"), given("mark")];
if (mark !== "")
  writeFileSync(mark, JSON.stringify({ args, pid: process.pid, rights: (statSync(conf).mode & 0o777).toString(8) }));

console.log(`connecting with ${read("password")}`);
const connection = await createConnection({
  host: dsn.h,
  port: Number(dsn.P),
  user: read("user"),
  password: read("password"),
  database: dsn.D,
  multipleStatements: true,
});
const { t } = dsn;
const [work, old, trigger] = [`_${t}_new`, `_${t}_old`, `pt_osc_${dsn.D}_${t}_ins`];
if (mode === "lie") {
  console.log(`Successfully altered ${t}.`);
  process.exit(0);
}
await connection.query(`CREATE TABLE \`${work}\` LIKE \`${t}\``);
await connection.query(`ALTER TABLE \`${work}\` ${given("alter")}`);
await connection.query(
  `CREATE TRIGGER \`${trigger}\` AFTER INSERT ON \`${t}\` FOR EACH ROW REPLACE INTO \`${work}\` SELECT * FROM \`${t}\` WHERE id = NEW.id`,
);
if (mode === "fail") {
  console.error("the disk is full");
  process.exit(9);
}
if (mode === "hang") {
  console.log("hanging");
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
}
const part = mode === "some" || mode === "gone" ? " WHERE id > 75" : mode === "most" ? " WHERE id > 1" : "";
if (mode !== "lose") await connection.query(`INSERT INTO \`${work}\` SELECT * FROM \`${t}\`${part}`);
if (mode === "taken") {
  await connection.query(`DROP TABLE \`${t}\``);
  process.exit(0);
}
await connection.query(`RENAME TABLE \`${t}\` TO \`${old}\`, \`${work}\` TO \`${t}\``);
if (mode === "late") {
  console.log("hanging");
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
}
if (mode === "gone") await connection.query(`DROP TABLE \`${old}\``);
await connection.query(`DROP TRIGGER \`${trigger}\``);
console.log(`Successfully altered ${t}.`);
await connection.end();

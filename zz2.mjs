import pg from "pg";

const c = new pg.Client({ connectionString: process.argv[2] });
await c.connect();
for (const q of [
  "select sum(calls) calls, sum(total_exec_time)::int ms, count(*), left(regexp_replace(query,'\\s+',' ','g'),110) q from pg_stat_statements group by 4 order by 2 desc limit 40",
  "select sum(calls) calls, sum(total_exec_time)::int ms, left(regexp_replace(query,'\\s+',' ','g'),90) q from pg_stat_statements group by 3 order by 1 desc limit 30",
])
  for (const r of (await c.query(q)).rows) console.log(Object.values(r).join(" | "));
await c.end();

import { describe, expect, it } from "vitest";
import { commandOf } from "../../../../src/engines/mysql/osc/command.js";
import { type Osc, oscOf } from "../../../../src/engines/mysql/osc/index.js";
import type { Job, Place } from "../../../../src/engines/mysql/osc/tool.js";
import { OSC_TOOLS, type OscTool } from "../../../../src/model/osc.js";

const PLACE: Place = {
  host: "db",
  port: "3307",
  socket: null,
  user: "deploy",
  password: "s3cr'et",
  tls: null,
};

const job = (given: readonly string[] = []): Job => ({
  place: PLACE,
  file: "/run/x/client.cnf",
  folder: "/run/x",
  database: "app",
  table: "a,b",
  change: "MODIFY `id` bigint COMMENT 'it''s'",
  lockSeconds: 30,
  given,
});

const osc = (tool: OscTool, args: readonly string[] = []): Osc => {
  const made = oscOf({ tool, path: tool, args }, "mysql");
  if (made === null) throw new Error("none");
  return made;
};

describe("the programs", () => {
  it.each(OSC_TOOLS)("%s is given the whole change as one argument, and no password", (name) => {
    const { tool } = osc(name);
    const args = tool.args(job());
    expect(args.filter((a) => a.includes("MODIFY `id` bigint COMMENT 'it''s'"))).toHaveLength(1);
    expect(args.join(" ")).not.toContain(PLACE.password);
    expect(commandOf(osc(name), job())).toContain(`COMMENT '\\''it'\\'''\\''s'\\'''`);
    expect(`${tool.credentials(PLACE)}${JSON.stringify(tool.env(PLACE))}`).toContain(PLACE.password);
  });

  it("take what the configuration says in the place of what zmigrate would", () => {
    const flag = "--cut-over-lock-timeout-seconds";
    expect(osc("gh-ost").tool.args(job())).toContain(`${flag}=10`);
    const args = osc("gh-ost").tool.args(job([`${flag}=1`]));
    expect(args.filter((a) => a.startsWith(flag))).toEqual([`${flag}=1`]);
  });

  it.each([
    ["gh-ost", "--alter=x"],
    ["gh-ost", "--ok-to-drop-table"],
    ["gh-ost", "-execute"],
    ["pt-online-schema-change", "--pass=x"],
    ["pt-online-schema-change", "--check-slave-lag=h=x,p=secret"],
    ["pt-online-schema-change", "--drop-old-table"],
    ["pt-online-schema-change", "h=other"],
    ["spirit", "--replica-dsn=u:p@tcp(x)/"],
    ["spirit", "--threads", "4"],
  ] as const)("%s is not given %s by a configuration", (tool, ...args) => {
    const refused = () => oscOf({ tool, path: tool, args }, "mysql");
    expect(refused).toThrowError(expect.objectContaining({ code: "osc-unfit" }));
    expect(refused).not.toThrowError(/secret/);
  });

  it("know their own tables from those of the application", () => {
    const traces = (tool: OscTool) => osc(tool).tool.traces("app", "users");
    for (const name of ["_users_gho", "_users_ghc"]) expect(name).toMatch(traces("gh-ost").work);
    expect("_users_del").toMatch(traces("gh-ost").old);
    expect("_users_old_20260101_120000").toMatch(traces("spirit").old);
    expect("_users_chkpnt").toMatch(traces("spirit").work);
    expect("__users_new").toMatch(traces("pt-online-schema-change").work);
    expect("pt_osc_app_users_upd").toMatch(traces("pt-online-schema-change").trigger ?? /^$/);
    for (const tool of OSC_TOOLS)
      for (const name of ["users", "users_old", "_users_archive_old", "_users_news", "_members_new"]) {
        expect(name).not.toMatch(traces(tool).work);
        expect(name).not.toMatch(traces(tool).old);
      }
    const long = "x".repeat(64);
    expect(`_${"x".repeat(59)}_gho`).toMatch(osc("gh-ost").tool.traces("app", long).work);
    expect(`_${"x".repeat(43)}_old_20260101_120000`).toMatch(osc("spirit").tool.traces("app", long).old);
  });

  it("say to which servers they cannot come", () => {
    const socket = { ...PLACE, socket: "/run/mysqld.sock" };
    expect(osc("gh-ost").tool.unreachable(socket)).toContain("TCP");
    expect(osc("pt-online-schema-change").tool.unreachable(socket)).toBeNull();
    expect(
      osc("pt-online-schema-change")
        .tool.args({ ...job(), place: socket })
        .at(-1),
    ).toMatch(/^S=\/run/);
    const tls = { ...PLACE, tls: { mode: "VERIFY_CA", ca: "/ca.pem" } as const };
    expect(osc("pt-online-schema-change").tool.unreachable(tls)).toContain("TLS");
    expect(osc("gh-ost").tool.args({ ...job(), place: tls })).toEqual(
      expect.arrayContaining(["--ssl", "--ssl-ca=/ca.pem"]),
    );
    expect(osc("spirit").tool.credentials(tls)).toContain("tls-mode = VERIFY_CA");
    expect(osc("spirit").tool.unreachable({ ...PLACE, password: "a`b" })).toContain("cannot hold");
  });
});

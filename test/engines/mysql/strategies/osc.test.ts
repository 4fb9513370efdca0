import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commandsFor, otherTool, shellWord } from "../../../../src/engines/mysql/strategies/osc.js";
import type { Table } from "../../../../src/model/catalog.js";

const table: Table = {
  relation: { schema: null, name: "it's `a`, $t" },
  columns: [],
  constraints: [],
  indexes: [],
  referencedBy: [],
  dependents: [],
  partitioned: false,
  rows: 1_200_000,
  bytes: 300 * 1_048_576,
};

const context = (dialect: "mysql" | "mariadb") => ({
  dialect,
  catalog: { source: "database", complete: true, defaultSchema: "app", tables: [table] } as const,
  version: { text: "9.7", parts: [9, 7] },
  migrationId: "1",
  statement: "",
  ordinal: 1,
  batch: null,
  newTable: false,
  up: null,
  down: null,
  fill: null,
  file: [],
});

describe("the commands that rebuild a table", () => {
  const change = "MODIFY COLUMN `a b` varchar(9) DEFAULT 'it''s $HOME \\\\ \"x\"' COMMENT '!'";

  it("come through a shell as they are meant", () => {
    const [ghost = "", spirit = "", percona = ""] = commandsFor(table.relation, change, context("mysql"));
    const through = (command: string) =>
      execFileSync("sh", ["-c", `printf '%s\\n' ${command}`], { encoding: "utf8" }).split("\n");
    expect(through(ghost)).toEqual(expect.arrayContaining([`--alter=${change}`, "--table=it's `a`, $t"]));
    const statement = `--statement=ALTER TABLE \`it's \`\`a\`\`, $t\` ${change}`;
    expect(through(spirit)).toEqual(expect.arrayContaining([statement, "--database=app"]));
    expect(through(percona)).toEqual(expect.arrayContaining([`--alter=${change}`, "D=app,t=it's `a`\\, $t"]));
  });

  it("are those that the server can use, and hold no password", () => {
    const commands = commandsFor(table.relation, change, context("mariadb"));
    expect(commands).toHaveLength(1);
    expect(commands[0]).toMatch(/^pt-online-schema-change .*--ask-pass/);
  });

  it("stand in a refusal with the size", () => {
    expect(otherTool(table, "It copies", "FORCE", context("mysql"))).toMatchObject({
      message: "It copies; it's `a`, $t: about 1,200,000 rows, 300 MB.",
      help: expect.stringContaining(shellWord("FORCE")),
    });
  });
});

describe("a table with foreign keys or triggers", () => {
  const key = { relation: table.relation, constraint: "fk", columns: ["id"] };
  const help = (more: Partial<Table>) => {
    const own = { ...table, ...more };
    const { catalog, ...rest } = context("mysql");
    return otherTool(own, "It copies", "FORCE", { ...rest, catalog: { ...catalog, tables: [own] } }).help;
  };

  it("is offered what can take it, and the way without the key", () => {
    const inbound = help({ referencedBy: [key] });
    expect(inbound).toContain("pt-online-schema-change --alter-foreign-keys-method=auto --host");
    expect(inbound).toContain("drop the key in an earlier migration");
    expect(inbound).not.toMatch(/gh-ost|spirit/);
    const triggered = help({ dependents: [{ kind: "trigger", name: "tr", columns: [] }] });
    expect(triggered).toContain("pt-online-schema-change --preserve-triggers --host");
    expect(triggered).not.toMatch(/gh-ost|spirit|drop the key/);
    expect(help({})).toContain("gh-ost");
  });
});

describe("other strategies' refusals", () => {
  it("hand a change to a shell as it is written", async () => {
    const { byCopy } = await import("../../../../src/engines/mysql/strategies/by-copy.js");
    const { parseMysql } = await import("../../../../src/engines/mysql/parse/index.js");
    const sql = "ALTER TABLE `a`.`it's` REMOVE PARTITIONING";
    const [operation] = parseMysql(sql, "mysql").statements.flatMap((s) => s.operations);
    if (operation?.kind !== "other") throw new Error("not read");
    const refused = () => byCopy(null, operation, { ...context("mysql"), statement: sql });
    expect(refused).toThrowError(expect.objectContaining({ help: expect.stringContaining(`--table='it'\\''s'`) }));
    expect(refused).toThrowError(
      expect.objectContaining({ help: expect.stringContaining("--alter='REMOVE PARTITIONING'") }),
    );
  });
});

import { describe, expect, test } from "vitest";
import { engineFor } from "../../src/config/engine.js";
import { lintMigrations } from "../../src/lint/index.js";
import { allRules, judged, rules } from "./judged.js";

const BASE = "CREATE TABLE p (id bigint PRIMARY KEY, a int, b varchar(20)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;";
const VERSION = { mysql: "9.7.0", mariadb: "10.11.0" } as const;

// What the server does is in test/engines/mysql/effects/proof.test.ts.
describe("MariaDB's JSON is a LONGTEXT of its own", () => {
  const LETTERS = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
  const files = (sql: string) => [
    `CREATE TABLE d (id int PRIMARY KEY, j json, x longtext, w longtext ${LETTERS} CHECK (json_valid(w)));`,
    `ALTER TABLE d MODIFY ${sql};`,
  ];

  test.each(["j longtext", "x json", `w longtext ${LETTERS} CHECK (json_valid(w))`])(
    "MODIFY %s copies",
    async (sql) => {
      expect(await rules(files(sql), "mariadb", "10.11.0")).toBe("changing-column-type");
    },
  );

  test.each(["j json COMMENT 'x'", "w json"])("MODIFY %s does not", async (sql) => {
    expect(await rules(files(sql), "mariadb", "10.11.0")).toBe("");
  });

  test("a CHECK in a definition goes where it is not said again", async () => {
    const base = "CREATE TABLE d (id int PRIMARY KEY, n int CHECK (n > 0));";
    expect(await rules([base, "ALTER TABLE d MODIFY n int COMMENT 'x';"], "mariadb")).toBe("losing-column-attributes");
    expect(await rules([base, "ALTER TABLE d MODIFY n int CHECK (n > 0);"], "mariadb")).toBe("");
  });
});

// INPLACE, LOCK=NONE on MySQL 9.7.
test("CONVERT to the collation that a table of utf8mb4 has is none", async () => {
  const base = "CREATE TABLE u (id int PRIMARY KEY, a varchar(9) UNIQUE) DEFAULT CHARSET=utf8mb4;";
  const convert = (collation: string) => `ALTER TABLE u CONVERT TO CHARACTER SET utf8mb4 COLLATE ${collation};`;
  expect(await rules([base, convert("utf8mb4_0900_ai_ci")], "mysql", "9.7.0")).toBe("");
  expect(await rules([base, convert("utf8mb4_bin")], "mysql", "9.7.0")).toBe("blocking-table-access");
});

test("a rebuild that newer versions do without is told as one of the older", async () => {
  const engine = await engineFor("mysql");
  await engine.load();
  const { oldestVersion: version, newestVersion } = engine;
  const said = (sql: string) => {
    const inputs = [BASE, sql].map((text, at) => ({ file: `${at}.sql`, text, report: at === 1 }));
    const { findings } = lintMigrations(inputs, { engine, version, newestVersion, severities: {} });
    return findings.filter(({ rule }) => rule !== "column-position").map(({ rule, message }) => `${rule}: ${message}`);
  };
  expect(said("ALTER TABLE p ADD COLUMN c int AFTER a;")).toEqual([
    expect.stringMatching(
      /^table-rebuild: .* Assumed: the server is MySQL before 8\.0\.29: later ones touch no row\.$/,
    ),
  ]);
});

// Asked of MySQL 9.7, whose databases have utf8mb4 unless they are told otherwise, and of MariaDB 10.11 with latin1.
describe("a VARCHAR of no known character set", () => {
  const files = (sql: string, options = "") => [
    `CREATE TABLE p (id int PRIMARY KEY, title varchar(255) NOT NULL) ENGINE=InnoDB ${options};`,
    `ALTER TABLE p MODIFY title ${sql};`,
  ];

  test("is told to be taken for utf8mb4 on MySQL 8 and later", async () => {
    expect(await rules(files("varchar(500) NOT NULL"), "mysql")).toBe("");
    expect(await allRules(files("varchar(500) NOT NULL"), "mysql")).toBe("unknown-character-set");
    const guarded = "varchar(500) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE";
    expect(await allRules(files(guarded), "mysql")).toBe("");
    expect(await allRules(files("varchar(500) NOT NULL", "DEFAULT CHARSET=utf8mb4"), "mysql")).toBe("");
    expect(await rules(files("varchar(500) NOT NULL", "DEFAULT CHARSET=latin1"), "mysql")).toBe("changing-column-type");
  });

  test.each([
    ["mysql", "5.7.44"],
    ["mariadb", "10.11.0"],
  ] as const)("is taken for the worse on %s %s, which the finding says", async (engine, version) => {
    const [said] = await judged(files("varchar(500) NOT NULL"), engine, version);
    expect(said?.message).toMatch(/written again.*Assumed: .* no file tells the character set of `title`\.$/);
  });
});

test.each(["DEFAULT CHARACTER SET utf8mb4", "COLLATE utf8mb4_bin"])(
  "%s of a table is at once (MySQL)",
  async (option) => {
    expect(
      await rules(
        ["CREATE TABLE t (id int PRIMARY KEY, a varchar(9)) CHARSET=latin1;", `ALTER TABLE t ${option};`],
        "mysql",
      ),
    ).toBe("");
  },
);

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  const said = (sql: string) => rules([BASE, sql], engine, VERSION[engine]);

  test("CHANGE to another name is a rename", async () => {
    expect(await said("ALTER TABLE p CHANGE a aa int;")).toBe("renaming-column");
    expect(await said("ALTER TABLE p CHANGE b bb varchar(20);")).toBe("renaming-column");
    expect(await said("ALTER TABLE p CHANGE a a int;")).toBe("");
    expect(await said("ALTER TABLE p CHANGE a aa bigint;")).toBe("changing-column-type renaming-column");
    expect(await said("ALTER TABLE unseen CHANGE a aa int;")).toBe("changing-column-type renaming-column");
  });

  test("what changes the type says nothing of the rename", async () => {
    const [type] = (await judged([BASE, "ALTER TABLE p CHANGE a aa bigint;"], engine, VERSION[engine])).filter(
      ({ rule }) => rule === "changing-column-type",
    );
    expect(type?.message).not.toMatch(/1054/);
  });

  // Seen: INSERT INTO p VALUES (2, 7, '8') stores a=8, b='7' without an error.
  test.each([
    "ALTER TABLE p MODIFY a int AFTER b;",
    "ALTER TABLE p MODIFY b varchar(20) FIRST;",
    "ALTER TABLE p CHANGE a a int AFTER b;",
  ])("%s moves it", async (sql) => {
    expect(await said(sql)).toBe(engine === "mysql" ? "moving-column table-rebuild" : "moving-column");
  });

  test.each(["ALTER TABLE p MODIFY a int AFTER id;", "ALTER TABLE p MODIFY id bigint FIRST;"])(
    "%s leaves it where it is",
    async (sql) => {
      expect(await said(sql)).toBe("");
    },
  );

  test("rows behind the last COMMIT are lost where autocommit is off", async () => {
    const write = "UPDATE p SET a = 1 WHERE id = 1;";
    expect(await said(`SET autocommit = 0; ${write}`)).toBe("ban-uncommitted-transaction");
    expect(await said(`SET autocommit = 0; ${write} COMMIT; ${write}`)).toBe("ban-uncommitted-transaction");
    const between = `${write} ALTER TABLE p ADD COLUMN c int; ${write}`;
    expect(await said(`SET autocommit = 0; ${between}`)).toBe("ban-uncommitted-transaction implicit-commit");
    expect(await said(`SET autocommit = 0; ${write} COMMIT;`)).toBe("");
    expect(await said(`SET autocommit = 0; ${write} SET autocommit = 1;`)).toBe("");
    expect(await said(`SET autocommit = 0; ${write} SET autocommit = 1; ALTER TABLE p ADD COLUMN c int;`)).toBe("");
    expect(await said(`SET autocommit = 1; ${write}`)).toBe("");
  });

  test("what an event does at once is judged", async () => {
    const event = (schedule: string, body: string) => `CREATE EVENT e ON SCHEDULE ${schedule} DO ${body};`;
    const drop = "ALTER TABLE p DROP COLUMN a";
    expect(await said(event("AT CURRENT_TIMESTAMP", drop))).toBe("ban-drop-column");
    expect(await said(event("EVERY 1 DAY", drop))).toBe("ban-drop-column");
    expect(await said(event("AT CURRENT_TIMESTAMP", "UPDATE p SET a = 1"))).toBe("unbatched-data-change");
    expect(await said(event("EVERY 1 DAY", "DELETE FROM p WHERE a < 5"))).toBe("unbatched-data-change");
    expect(await said(event("EVERY 1 HOUR STARTS CURRENT_TIMESTAMP", "UPDATE p SET a = 1"))).toBe(
      "unbatched-data-change",
    );
    for (const later of ["CURRENT_TIMESTAMP + INTERVAL 1 DAY", "(NOW() + INTERVAL 1 DAY)", "'2037-01-01'"]) {
      expect(await said(event(`EVERY 1 DAY STARTS ${later}`, "DELETE FROM p WHERE a < 5")), later).toBe("");
    }
    expect(await said(event("AT CURRENT_TIMESTAMP DISABLE", drop))).toBe("");
  });
});

describe.each(["mysql", "mariadb"] as const)("%s: CONVERT TO CHARACTER SET", (engine) => {
  const convert = "ALTER TABLE p CONVERT TO CHARACTER SET utf8mb4";
  const said = (base: string, sql: string, version: string = VERSION[engine]) => rules([base, sql], engine, version);

  test("of columns that have it already", async () => {
    expect(await said(BASE, `${convert};`)).toBe("");
    expect(await said(BASE, `${convert} COLLATE utf8mb4_bin;`)).toBe("");
    expect(await said(BASE.replace("utf8mb4", "utf8mb3"), `${convert} COLLATE utf8mb4_unicode_ci;`)).toBe("");
    expect(await said(`${BASE} ${convert} COLLATE utf8mb4_bin;`, "ALTER TABLE p MODIFY b varchar(30);")).toBe("");
  });

  test.each([
    BASE.replace("utf8mb4", "latin1"),
    BASE.replace("utf8mb4", "utf8mb3").replace("varchar(20)", "varchar(70)"),
    BASE.replace("DEFAULT CHARSET=utf8mb4", ""),
    BASE.replace("varchar(20)", "varchar(20) CHARACTER SET latin1"),
  ])("copies behind %s", async (base) => {
    expect(await said(base, `${convert};`)).toBe("blocking-table-access");
  });

  test("names no failure that cannot be", async () => {
    const [copied] = await judged(
      [BASE.replace("utf8mb4", "utf8mb3").replace("varchar(20)", "varchar(70)"), `${convert};`],
      engine,
      VERSION[engine],
    );
    expect(copied?.message).not.toMatch(/1366|1062|1071/);
  });
});

describe.each(["mysql", "mariadb"] as const)("%s", (engine) => {
  const base = "CREATE TABLE p (id bigint PRIMARY KEY, n int NOT NULL);";
  const trigger = "CREATE TRIGGER tz BEFORE INSERT ON p FOR EACH ROW SET NEW.n = 1;";

  test("NULL that is said on purpose is told", async () => {
    expect(await rules([base, "ALTER TABLE p MODIFY n int NULL;"], engine)).toBe("ban-drop-not-null table-rebuild");
    expect(await rules([base, "ALTER TABLE p MODIFY id bigint NULL;"], engine)).not.toContain("ban-drop-not-null");
  });

  test("a trigger that no file made is not dropped", async () => {
    const again = `DROP TRIGGER IF EXISTS tz; ${trigger}`;
    expect(await rules([base, again], engine)).toBe("");
    expect(await rules([`${base} ${trigger}`, again], engine)).toBe("breaking-running-code");
    expect(await rules([base, "DROP TRIGGER IF EXISTS tz;"], engine)).toBe("breaking-running-code");
  });

  test("one default for all rows of a unique column is refused from the second row on", async () => {
    const base =
      "CREATE TABLE t (id bigint PRIMARY KEY, slug varchar(20), n int NOT NULL, UNIQUE KEY k (slug), UNIQUE (n));";
    const ask = (sql: string) => rules([base, `ALTER TABLE t ${sql};`], engine, VERSION[engine]);
    expect(await ask("ALTER COLUMN slug SET DEFAULT ''")).toBe("breaking-running-code");
    expect(await ask("MODIFY slug varchar(20) DEFAULT 'x'")).toBe("changing-column-type");
    expect(await ask("ALTER COLUMN slug SET DEFAULT NULL")).toBe("");
    expect(await ask("ALTER COLUMN slug SET DEFAULT (uuid())")).toBe("");
    // An INSERT without it failed before.
    expect(await ask("ALTER COLUMN n SET DEFAULT 0")).toBe("");
  });
});

test.each(["mysql", "mariadb"] as const)("what a whole statement does is told once (%s)", async (engine) => {
  const base = "CREATE TABLE p (id int PRIMARY KEY);";
  const said = await judged(
    [base, "ALTER TABLE p ADD COLUMN n int, ADD COLUMN m int, ADD KEY (n);"],
    engine,
    VERSION[engine],
  );
  expect(said.map(({ rule }) => rule)).toEqual(["table-rebuild"]);
});

test.each([
  ["mariadb", "10.11.0", "varchar(255)", "varchar(500)"],
  ["mysql", "5.7.44", "varchar(255)", "varchar(500)"],
  ["mysql", "5.7.44", "varchar(50)", "varchar(100)"],
] as const)(
  "a guarded VARCHAR of unknown letters is refused or done in place: %s %s %s",
  async (engine, version, from, to) => {
    const said = async (options: string, guard: string) =>
      await rules(
        [
          `CREATE TABLE IF NOT EXISTS p (id int PRIMARY KEY, n ${from}) ${options};`,
          `ALTER TABLE p MODIFY n ${to}${guard};`,
        ],
        engine,
        version,
      );
    for (const guard of [", ALGORITHM=INPLACE, LOCK=NONE", ", ALGORITHM=INPLACE", ", LOCK=NONE"])
      expect(await said("", guard)).toBe("failing-statement");
    expect(await said("", "")).toBe("changing-column-type");
    const refused = from === "varchar(255)" ? "latin1" : "utf8mb4";
    expect(await said(`CHARSET=${refused}`, ", LOCK=NONE")).toBe("changing-column-type");
  },
);

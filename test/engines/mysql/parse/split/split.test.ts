import { describe, expect, it } from "vitest";
import { type MysqlDialect, parseMysql } from "../../../../../src/engines/mysql/parse/index.js";
import { problemOf } from "../one.js";

const statements = (text: string, dialect: MysqlDialect = "mysql") => {
  const parsed = parseMysql(text, dialect);
  expect(parsed.problems).toEqual([]);
  return parsed.statements.map(({ sql }) => sql);
};

const TRIGGER = "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW";

describe("statements", () => {
  it("end at semicolons, and begin and end with a token", () => {
    expect(statements(" -- a\nSELECT 1 ; ;\n/* b */ SELECT ';' # c\n;SELECT 3")).toEqual([
      ...["SELECT 1", "SELECT ';'", "SELECT 3"],
    ]);
  });

  it("follow DELIMITER, in any case, glued to a word or alone", () => {
    const text = `delimiter $$\n${TRIGGER} BEGIN SET NEW.a = 1; END$$\nSELECT 1\n$$\nDELIMITER ;\nSELECT 2;`;
    expect(statements(text)).toEqual([`${TRIGGER} BEGIN SET NEW.a = 1; END`, "SELECT 1", "SELECT 2"]);
  });

  it("end at semicolons too under another delimiter, as the client sends several at once", () => {
    expect(statements("DELIMITER //\nSELECT 1; SELECT 2 //")).toEqual(["SELECT 1", "SELECT 2"]);
  });

  it("know a delimiter of semicolons, as mysqldump writes it", () => {
    const text = `DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=\`r\`@\`l\`*/ /*!50003 TRIGGER g BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = 1; END */;;\nDELIMITER ;\nSELECT 1;`;
    expect(statements(text)).toEqual([text.slice(13, text.indexOf(";;\nDELIMITER ;")), "SELECT 1"]);
  });

  it("hold executable comments whole", () => {
    expect(statements("/*!40101 SET NAMES utf8mb4 */;\nSELECT 1 /*!50000 + 1 */;")).toEqual([
      ...["/*!40101 SET NAMES utf8mb4 */", "SELECT 1 /*!50000 + 1 */"],
    ]);
    expect(problemOf("/*!40000 SET a = 1; SET b = 2 */; SELECT 1").message).toBe(
      "A statement may not end inside of an executable comment.",
    );
  });

  it("refuse a DELIMITER without one", () => {
    expect(problemOf("DELIMITER \nSELECT 1").message).toContain("DELIMITER must be followed by");
  });

  it("take delimiter for a name elsewhere", () => {
    expect(statements("SELECT delimiter FROM t;")).toEqual(["SELECT delimiter FROM t"]);
  });
});

describe("bodies", () => {
  it.each([
    "BEGIN END",
    "BEGIN SET NEW.a = 1; BEGIN SET NEW.b = 2; END; END",
    "BEGIN IF NEW.a THEN SET NEW.a = 1; ELSEIF IF(1, 2, 3) THEN SET NEW.b = 2; ELSE SET NEW.a = 3; END IF; END",
    "BEGIN IF CASE WHEN 1 THEN 2 END THEN SET NEW.a = 1; END IF; END",
    "BEGIN IF CASE WHEN CASE 1 WHEN 1 THEN 2 END THEN IF(1, 2, 3) END THEN SET NEW.a = 1; END IF; END",
    "BEGIN CASE NEW.a WHEN 1 THEN SET NEW.a = CASE 1 WHEN 1 THEN 2 END; ELSE BEGIN END; END CASE; END",
    "BEGIN CASE CASE 1 WHEN 1 THEN 2 END WHEN 2 THEN SET NEW.a = 1; END CASE; END",
    "BEGIN WHILE CASE 1 WHEN 1 THEN 0 END DO SET NEW.a = 1; END WHILE; END",
    "BEGIN REPEAT SET NEW.a = REPEAT('x', 2); UNTIL NEW.a END REPEAT; END",
    "BEGIN l: LOOP LEAVE l; END LOOP l; END",
    "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE VALUE '23000', 1062, NOT FOUND BEGIN SET @x = 1; END; SET NEW.a = 1; END",
    "BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET @x = 1; END",
    "BEGIN DECLARE c CURSOR FOR SELECT CASE 1 WHEN 1 THEN 2 END; OPEN c; END",
    "BEGIN SET NEW.end = 1, NEW.`begin` = NEW.if; END",
    "BEGIN DROP TEMPORARY TABLE IF EXISTS x; CREATE TEMPORARY TABLE IF NOT EXISTS x (a INT); END",
    "FOLLOWS other BEGIN SET NEW.a = 1; END",
    "IF NEW.a THEN SET NEW.a = 1; END IF",
    "CASE NEW.a WHEN 1 THEN SET NEW.a = 2; END CASE",
    "SET NEW.a = IF(1, 2, 3)",
  ])("end with their last block: %s", (body) => {
    expect(statements(`${TRIGGER} ${body}; SELECT 1;`)).toEqual([`${TRIGGER} ${body}`, "SELECT 1"]);
  });

  it.each([
    "CREATE PROCEDURE p (IN a INT, OUT b VARCHAR(9)) COMMENT 'x;y' NOT DETERMINISTIC READS SQL DATA BEGIN SELECT 1; END",
    "CREATE PROCEDURE p () SELECT 1",
    "CREATE FUNCTION s.f (a INT) RETURNS VARCHAR(9) CHARSET utf8mb4 DETERMINISTIC BEGIN RETURN 1; END",
    "CREATE FUNCTION f () RETURNS INT RETURN CASE 1 WHEN 1 THEN 2 END",
    "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
    "CREATE DEFINER='a'@'%' EVENT e ON SCHEDULE EVERY 1 DAY COMMENT 'DO' DO BEGIN DELETE FROM t; END",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
    "ALTER EVENT e DO BEGIN DELETE FROM t; END",
    "ALTER EVENT e DISABLE",
    "CREATE PROCEDURE p () l: BEGIN SELECT 1; END l",
  ])("belong to their routine: %s", (routine) => {
    expect(statements(`${routine}; SELECT 1`)).toEqual([routine, "SELECT 1"]);
  });

  it("may stand alone on MariaDB", () => {
    const text = "BEGIN NOT ATOMIC SELECT 1; SELECT 2; END; IF 1 THEN SELECT 3; END IF; SELECT 4";
    expect(statements(text, "mariadb")).toEqual([
      ...["BEGIN NOT ATOMIC SELECT 1; SELECT 2; END", "IF 1 THEN SELECT 3; END IF", "SELECT 4"],
    ]);
  });

  it("are not looked for behind a plain BEGIN", () => {
    expect(statements("BEGIN; SELECT 1; COMMIT;")).toEqual(["BEGIN", "SELECT 1", "COMMIT"]);
  });

  it("must be closed", () => {
    const open = `${TRIGGER} BEGIN IF 1 THEN SET NEW.a = 1; END; SELECT 1;`;
    expect(problemOf(open)).toEqual({ message: "BEGIN is not closed: its END is missing.", at: "BEGIN" });
    expect(problemOf(`DELIMITER //\n${TRIGGER} BEGIN SET NEW.a = 1;//\nDELIMITER ;\nSELECT 1`).at).toBe("BEGIN");
    expect(parseMysql(`DELIMITER //\n${TRIGGER} BEGIN SET NEW.a = 1;//\nSELECT 1`, "mysql").statements).toHaveLength(1);
  });
});

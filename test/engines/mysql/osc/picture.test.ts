import { describe, expect, it } from "vitest";
import { differences, type Picture, shapeOf } from "../../../../src/engines/mysql/osc/picture.js";

const create = (name: string, ...lines: string[]) =>
  [
    `CREATE TABLE \`${name}\` (`,
    lines.map((l) => `  ${l}`).join(",\n"),
    ") ENGINE=InnoDB AUTO_INCREMENT=17 DEFAULT CHARSET=utf8mb4",
  ].join("\n");

const picture = (shape: readonly string[], more: Partial<Picture> = {}): Picture => ({
  shape,
  foreignKeys: [],
  inbound: [],
  triggers: [],
  ...more,
});

describe("what two tables are compared by", () => {
  it("is not their names, those of their CHECKs, their counts, nor foreign keys", () => {
    const id = "`id` int NOT NULL";
    const one = create("t", id, "CONSTRAINT `a` CHECK ((`id` > 0))", "CONSTRAINT `z` CHECK ((`id` < 9))");
    const other = create(
      "_t_gho",
      id,
      "CONSTRAINT `fk` FOREIGN KEY (`id`) REFERENCES `p` (`id`)",
      "CONSTRAINT `t_chk_1` CHECK ((`id` < 9))",
      "CONSTRAINT `t_chk_2` CHECK ((`id` > 0))",
    ).replace("=17", "=99");
    expect(differences(picture(shapeOf(one)), picture(shapeOf(other)))).toEqual([]);
  });

  it("is everything else", () => {
    const wanted = picture(shapeOf(create("t", "`id` bigint", "`a` int", "KEY `k` (`a`)")));
    const found = picture(shapeOf(create("t", "`id` int", "`a` int", "KEY `k` (`a`)")), {
      triggers: ["BEFORE INSERT x"],
    });
    expect(differences(wanted, found)).toEqual([
      "it has not: `id` bigint",
      "it has: `id` int",
      "it has: BEFORE INSERT x",
    ]);
    const moved = picture(shapeOf(create("t", "`a` int", "`id` bigint", "KEY `k` (`a`)")));
    expect(differences(wanted, moved)).toEqual(["its columns or indexes stand in another order"]);
  });
});

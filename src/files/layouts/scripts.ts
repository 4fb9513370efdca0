import { byName, byNumber, type Layout } from "./layout.js";

const roleBy =
  (name: RegExp) =>
  (path: string): "up" | null =>
    name.test(path) && !path.endsWith(".d.ts") ? "up" : null;

/** Knex: JavaScript or TypeScript, by the names; one transaction a file unless its `config` says otherwise. */
export const knex: Layout = Object.freeze<Layout>({
  tool: "Knex",
  transaction: "file",
  role: roleBy(/^\d+_.*\.[cm]?[jt]s$/s),
  compare: byName,
});

/** TypeORM, and Sequelize: TypeScript or JavaScript, by their moments. Which of them it is, is known by the scripts. */
export const typeorm: Layout = Object.freeze<Layout>({
  tool: "TypeORM",
  transaction: "file",
  role: roleBy(/^\d+-.*\.[cm]?[jt]s$/s),
  compare: byNumber,
});

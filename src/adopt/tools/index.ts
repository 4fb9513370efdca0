import type { FormerTool } from "../tool.js";
import { dbmate } from "./dbmate.js";
import { drizzle } from "./drizzle.js";
import { flyway } from "./flyway.js";
import { golangMigrate } from "./golang-migrate.js";
import { goose } from "./goose.js";
import { knex } from "./knex.js";
import { nodePgMigrate } from "./node-pg-migrate.js";
import { prisma } from "./prisma.js";

/** Every tool that zmigrate can take over from. */
export const TOOLS: readonly FormerTool[] = Object.freeze([
  dbmate,
  drizzle,
  flyway,
  golangMigrate,
  goose,
  knex,
  nodePgMigrate,
  prisma,
]);

/** The tool of a name; undefined where there is none. */
export const toolNamed = (name: string): FormerTool | undefined =>
  TOOLS.find((tool) => tool.name === name.toLowerCase());

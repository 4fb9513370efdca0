import type { CreateTable } from "../model/operation.js";
import { Refusal } from "./engine.js";

const HELP: Partial<Readonly<Record<CreateTable["form"], readonly [reason: string, help: string]>>> = Object.freeze({
  as: [
    "CREATE TABLE ... AS makes a table and fills it by one statement, over all rows that it reads.",
    "Write the table with its columns, and `INSERT INTO ... SELECT` behind it: that runs in batches, or at once where its tables are small or new.",
  ],
});

/**
 * The forms of CREATE TABLE that no plan is made of: those whose columns are those of a query or a type, and tables of one session.
 *
 * @throws Refusal
 */
export function refuseForm({ form, temporary }: CreateTable): void {
  if (temporary)
    throw new Refusal(
      "A temporary table is gone with its session, and each step runs in one of its own.",
      "Write a table that stays, and drop it in a later migration.",
    );
  if (form === "plain" || form === "like") return;
  const [reason, help] = HELP[form] ?? [
    `CREATE TABLE in the form "${form}" is not supported yet.`,
    "Write the table with its columns.",
  ];
  throw new Refusal(reason, help);
}

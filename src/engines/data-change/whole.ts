import type { BackfillWork, WrittenChange } from "../../model/step.js";

/**
 * What an author wrote, over the whole table at once, or over a range of it.
 *
 * @param range what stands in front of the condition: a condition with its AND, or nothing
 */
export const wholeOf = ({ head, tail }: WrittenChange, { where }: Pick<BackfillWork, "where">, range = ""): string =>
  `${head} WHERE ${range}(${where})${tail === "" ? "" : ` ${tail}`}`;

import { DURATION_FORM, parseDuration } from "../files/duration.js";
import { parseSize, SIZE_FORM } from "../files/size.js";
import type { Zod } from "./signal.js";

/** A text that is read, or is wrong: `"throttle.slots" is not a size`. */
const read =
  <T>(parse: (text: string) => T | null, wrong: string) =>
  (z: Zod) =>
    z.string().transform((text, context): T => {
      const value = parse(text);
      if (value !== null) return value;
      context.issues.push({ code: "custom", message: wrong, input: undefined });
      return z.NEVER;
    });

/** `30m`, as milliseconds. */
export const age = read(parseDuration, `is not a duration (${DURATION_FORM})`);

/** `10GB`, as bytes. */
export const size = read(parseSize, `is not a size (${SIZE_FORM})`);

/** A whole number. */
export const count = (z: Zod) => z.number().int().nonnegative();

/** On: `false`, which every signal takes, is off. */
export const on = (z: Zod) => z.literal(true);

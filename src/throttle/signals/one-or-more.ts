import type { ZodType } from "zod";
import type { Zod } from "../../engines/signal.js";

/** One setting, or a list of them; what is wrong is named by its place in the list where there is one. */
export const oneOrMore = <Given, Setting>(
  z: Zod,
  one: ZodType<Setting>,
): ZodType<readonly Setting[], Given | readonly Given[]> =>
  z.custom<Given | readonly Given[]>().transform((given, context): readonly Setting[] => {
    const { data, error } = Array.isArray(given)
      ? z.array(one).min(1).safeParse(given)
      : z.tuple([one]).safeParse([given]);
    if (data !== undefined) return data;
    for (const issue of error?.issues ?? [])
      context.issues.push({
        ...issue,
        path: Array.isArray(given) ? issue.path : issue.path.slice(1),
        input: undefined,
      });
    return z.NEVER;
  });

import type { z } from "zod";

/** What is wrong with a value of a file, each with its key. Values are not repeated: they may be secrets. */
export const problemsOf = ({ issues }: z.ZodError): string => issues.map(describe).join("; ");

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => [...issue.path, key].join("."));
    return `unknown key ${keys.map((key) => `"${key}"`).join(", ")}`;
  }
  // Of a key that is none the record says only that.
  if (issue.code === "invalid_key") return issue.issues.map((of) => describe({ ...of, path: issue.path })).join("; ");
  return path === "" ? issue.message : `"${path}" ${lowerFirst(issue.message)}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

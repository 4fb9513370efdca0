/** What a field of an answer may be held to. */
export type FieldValue = string | number | boolean;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/**
 * The value at a place of a JSON text, `undefined` where there is none.
 *
 * @param path names and places with dots between: `environments.0.enabled`
 */
export function fieldOf(body: string, path: string): unknown {
  try {
    return path
      .split(".")
      .reduce<unknown>(
        (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
        JSON.parse(body),
      );
  } catch {
    return undefined;
  }
}

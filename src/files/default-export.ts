/** What a loaded module exports as its default. @throws Error where it exports none */
export function defaultExport(loaded: unknown): unknown {
  if (typeof loaded !== "object" || loaded === null || !("default" in loaded)) {
    throw new Error("it has no default export");
  }
  return loaded.default;
}

/** Why a module cannot be loaded: the first line of what was thrown. */
export const loadError = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : String(thrown);

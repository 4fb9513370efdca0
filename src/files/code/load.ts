import { resolve } from "node:path";
import { ZmigrateError } from "../../errors.js";
import { asBackfillCode } from "../../foreign-code.js";
import type { BackfillCode, MigrationCode } from "../../model/backfill-code.js";
import { defaultExport, loadError } from "../default-export.js";

async function evaluated(file: string, text: string): Promise<BackfillCode> {
  const { evaluateTypeScript } = await import("../import-typescript.js");
  const loading = asBackfillCode(file, () => evaluateTypeScript(resolve(file), text));
  const loaded = await loading.catch((cause: unknown) => {
    throw new Error(`it cannot be loaded: ${loadError(cause)}`, { cause });
  });
  const { checkedCode } = await import("./check.js");
  const code = checkedCode(defaultExport(loaded));
  return Object.freeze({
    ...code,
    map: (...given: Parameters<BackfillCode["map"]>) => asBackfillCode(file, () => code.map(...given)),
  });
}

/**
 * The code of a backfill's file, of which nothing is run before it is asked for.
 *
 * @param text what the file held when its checksum was made: that is what runs
 */
export function lazyCode(file: string, text: string): MigrationCode {
  let loading: Promise<BackfillCode> | null = null;
  let outcome: ReturnType<MigrationCode["loaded"]> = null;
  const loadOnce = async (): Promise<BackfillCode> => {
    try {
      const code = await evaluated(file, text);
      outcome = { code };
      return code;
    } catch (cause) {
      const reason = loadError(cause);
      outcome = { reason };
      throw new ZmigrateError("bad-backfill", { file, reason }, { cause });
    }
  };
  return Object.freeze({
    load: () => {
      loading ??= loadOnce();
      return loading;
    },
    loaded: () => outcome,
  });
}

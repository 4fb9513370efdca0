import type { Table } from "../../model/catalog.js";
import type { TableOption } from "../../model/detail/table.js";

/** The storage engine that options name (MySQL, MariaDB); empty where they name none: the server's default is not known. */
export function engineOf(options: readonly TableOption[]): Pick<Table, "engine"> {
  const named = options.findLast((o) => o.option === "ENGINE")?.value;
  return named == null ? {} : { engine: named };
}

import type { Table } from "../../model/catalog.js";

/** A table of InnoDB, as nearly all are: where the engine is not known, it is taken for that. */
export const isInnodb = ({ engine }: Pick<Table, "engine">): boolean => engine == null || /^innodb$/i.test(engine);

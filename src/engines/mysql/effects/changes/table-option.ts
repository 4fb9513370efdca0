import type { SetTableOption } from "../../../../model/detail/table.js";
import { isInnodb } from "../../innodb.js";
import { altered, type Change } from "../change.js";
import { isMysqlFrom } from "../server.js";
import { mariadbInstant, type Subject } from "../subject.js";
import { COPY, INSTANT, REBUILD, type Way } from "../ways.js";
import { worstChange } from "../worst.js";

/** Options that say nothing about the rows: MySQL 9.7 changes them in place, MariaDB 10.11 at once. */
const CATALOG: ReadonlySet<string> = new Set(
  `AUTO_INCREMENT AVG_ROW_LENGTH CHECKSUM COMMENT CONNECTION DELAY_KEY_WRITE INSERT_METHOD MAX_ROWS MIN_ROWS PACK_KEYS
  PAGE_CHECKSUM PASSWORD SECONDARY_ENGINE SECONDARY_ENGINE_ATTRIBUTE STATS_AUTO_RECALC STATS_PERSISTENT
  STATS_SAMPLE_PAGES STORAGE TABLE_CHECKSUM TRANSACTIONAL UNION AUTOEXTEND_SIZE COMPRESSION`
    .split(/\s+/)
    .concat("DATA DIRECTORY", "INDEX DIRECTORY"),
);

/** How the rows are stored. MariaDB's own options of InnoDB are among them. */
const STORAGE: ReadonlySet<string> = new Set(
  "ROW_FORMAT KEY_BLOCK_SIZE PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL ENCRYPTED ENCRYPTION_KEY_ID".split(" "),
);

/** One option of a table. */
export function tableOptionChange({ option, value }: SetTableOption, subject: Subject): Change {
  const { relation, server, operation } = subject;
  if (CATALOG.has(option)) return altered(relation, mariadbInstant(server), catalogSaid(option));
  if (STORAGE.has(option)) return altered(relation, REBUILD);
  if (option === "CHARACTER SET" || option === "COLLATE") return altered(relation, mariadbInstant(server), KEPT);
  if (option === "ENGINE") return engineChange(value, subject);
  if (option === "TABLESPACE") return altered(relation, tablespaceWay(subject));
  if (option === "ENCRYPTION") return altered(relation, COPY);
  if (option === "SYSTEM VERSIONING") return altered(relation, COPY);
  return worstChange(operation, `the option ${option} is not known`);
}

/**
 * A change of the catalog: seen on 9.7; what older versions run says the same (`innobase_need_rebuild`: of all options
 * only ROW_FORMAT, KEY_BLOCK_SIZE and TABLESPACE rebuild), though their manuals speak of a rebuild.
 */
const KEPT = { assumes: ["columns that are there keep their character set and collation"] };

function catalogSaid(option: string): { readonly assumes?: readonly string[] } {
  return option === "COMPRESSION" ? { assumes: ["only pages that are written from now on are compressed"] } : {};
}

/** The same engine is a rebuild. Where nobody knows that a table is InnoDB, nearly all are. */
function engineChange(value: string | null, { relation, table }: Subject): Change {
  const known = table?.engine != null;
  if (/^innodb$/i.test(value ?? "")) {
    if (table !== null && !isInnodb(table)) return altered(relation, COPY, {}, "moved");
    const assumes = known ? [] : ["the table is taken for one of InnoDB, which is written anew"];
    return altered(relation, REBUILD, { assumes });
  }
  const assumes = [`tables of ${value ?? "that engine"} may be without transactions, row locks and foreign keys`];
  return altered(relation, COPY, { assumes }, "moved");
}

/** MariaDB reads TABLESPACE and ignores it. */
function tablespaceWay({ server }: Subject): Way {
  if (server.dialect === "mariadb") return INSTANT;
  return isMysqlFrom(server, 8, 0) ? REBUILD : COPY;
}

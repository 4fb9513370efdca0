/** What PGlite brings: the name in CREATE EXTENSION, and the module where it differs. */
const BROUGHT =
  "amcheck auto_explain bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore intarray isn lo ltree pageinspect pg_buffercache pg_freespacemap pg_stat_statements pg_surgery pg_trgm pg_visibility pg_walinspect pgcrypto seg tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp".split(
    " ",
  );

const CREATES = /\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/gi;

/** The extensions that texts ask for and PGlite has; the others are refused when their statement runs. */
export function extensionsIn(texts: readonly string[]): readonly string[] {
  const named = texts.flatMap((text) => [...text.matchAll(CREATES)].map(([, name = ""]) => name.toLowerCase()));
  return [...new Set(named)].filter((name) => BROUGHT.includes(name));
}

/** Loads their modules: `{ citext }`. */
export async function loadExtensions(names: readonly string[]): Promise<Record<string, never>> {
  const loaded: Record<string, never> = {};
  for (const name of names) {
    const key = name.replaceAll("-", "_");
    const module = (await import(`@electric-sql/pglite/contrib/${key}`)) as Record<string, never>;
    const extension = module[key];
    if (extension !== undefined) loaded[key] = extension;
  }
  return loaded;
}

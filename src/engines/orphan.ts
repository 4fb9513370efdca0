/** What a condition for rows that point at no row calls the table that they point at. */
export const ORPHAN_TARGET = "zmigrate_target";

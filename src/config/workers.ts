/** More sessions on one table than that help no server. */
export const MOST_WORKERS = 64;

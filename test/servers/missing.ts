/** The title of a suite that is skipped for want of a server begins with this; the reporter counts by it. */
export const MISSING = "needs a server that is not here: ";

/** Defines how often the page asks the server again: for a job, a log that is read, a failure. */

/** The time between two questions about a job. */
export const JOB_POLL_MS = 500;
/** The time between two questions about a log that the server still reads. */
export const SCAN_POLL_MS = 1000;
/** The time between two questions about an empty log. */
export const EMPTY_POLL_MS = 5000;
/** The time after which the page asks a server again that did not answer. */
export const RETRY_MS = 3000;
/** The map shows new rows when no more have come for this time. */
export const GROWTH_MS = 500;

/** Defines how often the page asks the server again: for a job, a log that is read, a failure. */

/** While the work for an answer goes on. */
export const JOB_POLL_MS = 500;
/** While the server reads the log. */
export const SCAN_POLL_MS = 1000;
/** While the log is empty. */
export const EMPTY_POLL_MS = 5000;
/** Where the server did not answer. */
export const RETRY_MS = 3000;

/** Prepares the browser environment of all tests. */

import { vi } from "vitest";
import { PageWorker } from "./page_worker";

/** Machines that do other things, too, take longer than the usual second. */
const PATIENCE_MS = 10_000;

const { waitFor } = vi;
globalThis.Worker ??= PageWorker as unknown as typeof Worker;
vi.waitFor = (check, options = { timeout: PATIENCE_MS }) => waitFor(check, options);

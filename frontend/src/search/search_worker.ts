/** Searches in a worker, beside the page. */

import { serve, type WorkerScope } from "./search_service";

serve(self as unknown as WorkerScope);

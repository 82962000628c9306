/** Answers from responses that the Python tests recorded, for tests and development. */

import { DEFAULTS } from "../src/api/contract.gen";
import {
  type Answer,
  type Ask,
  type DataSource,
  queryOf,
  RequestFailed,
  type RouteName,
} from "../src/api/data_source";
import { decodeFrame } from "../src/api/decode_frame";

/** One recorded answer: JSON in place, or the name of a file that holds a frame. */
interface Recorded {
  request: Record<string, unknown>;
  response?: unknown;
  frame?: string;
}

/** `<route>.json` holds the answers of a route; `read` gives a file's bytes by its name. */
export class RecordedSource implements DataSource {
  constructor(private readonly read: (name: string) => Promise<ArrayBuffer>) {}

  async get<K extends RouteName>(route: K, ask: Ask<K>): Promise<Answer<K>> {
    const wanted = queryOf({ ...DEFAULTS[route], ...ask });
    const found = (await this.recorded(route)).find(
      ({ request }) => queryOf({ ...DEFAULTS[route], ...request }) === wanted,
    );
    if (!found) throw new RequestFailed(404, `no recorded response for ${route}?${wanted}`);
    const answer = found.frame ? decodeFrame(await this.read(found.frame)) : found.response;
    return answer as Answer<K>;
  }

  /** Every recorded request of a route. */
  async requests(route: RouteName): Promise<Record<string, unknown>[]> {
    return (await this.recorded(route)).map(({ request }) => request);
  }

  private async recorded(route: RouteName): Promise<Recorded[]> {
    return JSON.parse(new TextDecoder().decode(await this.read(`${route}.json`)));
  }
}

/** Stores which part of the plane is in view: of a large table, more tokens are shown there. */

import type { Seen } from "../../density_and_regions/field_window";
import type { Viewpoint } from "../../scatter/view/viewpoint";
import { patchPassing } from "../../state/actions";
import type { State } from "../../state/state";

/** The least and the largest coordinates of a part of the plane. */
type Corners = NonNullable<State["passing"]["seen"]>;

/** Stores the part in view where the user moved the map in 2-D; null where all is in view. */
export const noteSeen =
  (viewpoint: Viewpoint | null) =>
  (state: State): State => {
    const isMoved = viewpoint?.mode === "2d" && viewpoint.eye !== null;
    const seen = isMoved ? cornersOf(viewpoint.seen) : null;
    const isSame = JSON.stringify(seen) === JSON.stringify(state.passing.seen);
    return isSame ? state : patchPassing({ seen })(state);
  };

function cornersOf({ x, y, perX, perY, width, height }: Seen): Corners {
  const [wide, high] = [width / perX / 2, height / perY / 2];
  return [short(x - wide), short(y - high), short(x + wide), short(y + high)];
}

/** Rounds to as many digits as can be told apart on a screen. */
const short = (value: number) => Number(value.toPrecision(5));

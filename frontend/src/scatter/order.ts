/** So many of the most important points lie on top, at most this share of all. */
const MAX_ON_TOP = 1500;
const SHARE_ON_TOP = 0.1;
/** Points that stay together in the shuffle, so that memory is read in runs. */
const BLOCK = 64;

/**
 * The order to draw points in, first to last: filtered-out ones below, then all others in a
 * fixed shuffle, then the most important ones, the very first on top. Shuffled, because where
 * points cover each other a systematic order would show the colors of its last points only.
 */
export class DrawOrder {
  private base: Base | null = null;

  /**
   * Where nothing but the priority is another one than before, little is to be done.
   *
   * @param priority distinct point numbers, most important first
   * @param visible one entry per point, 0 for a filtered-out one; or null
   * @param drawn one entry per point, 0 for one that is not drawn at all; or null
   */
  of(
    count: number,
    priority: Uint32Array,
    visible: Uint8Array | null,
    drawn: Uint8Array | null = null,
  ): Uint32Array {
    const { base } = this;
    const isSame = base?.count === count && base.visible === visible && base.drawn === drawn;
    this.base = isSame ? base : baseOf(count, visible, drawn);
    const limit = Math.ceil(Math.min(MAX_ON_TOP, count * SHARE_ON_TOP));
    const top = priority
      .subarray(0, limit)
      .filter((index) => index < count && visible?.[index] !== 0 && drawn?.[index] !== 0);
    return lifted(this.base, top);
  }
}

interface Base {
  readonly count: number;
  readonly visible: Uint8Array | null;
  readonly drawn: Uint8Array | null;
  /** All points to draw, none of them lifted. */
  readonly order: Uint32Array;
  /** Where in it each of them is. */
  readonly places: Uint32Array;
}

function baseOf(count: number, visible: Uint8Array | null, drawn: Uint8Array | null): Base {
  const order = new Uint32Array(count);
  const places = new Uint32Array(count);
  let next = 0;
  for (const dimmed of visible === null ? [false] : [true, false]) {
    for (const block of shuffledBlocks(count)) {
      const end = Math.min((block + 1) * BLOCK, count);
      for (let index = block * BLOCK; index < end; index++) {
        if (visible !== null && (visible[index] === 0) !== dimmed) continue;
        if (drawn !== null && drawn[index] === 0) continue;
        places[index] = next;
        order[next++] = index;
      }
    }
  }
  return { count, visible, drawn, order: order.subarray(0, next), places };
}

/** The order with these points last, the first of them at the very end. */
function lifted({ order, places }: Base, top: Uint32Array): Uint32Array {
  const result = order.slice();
  // Each changes places with what is where it goes.
  const moved = new Map<number, number>();
  for (let rank = 0; rank < top.length; rank++) {
    const index = top[rank] as number;
    const from = moved.get(index) ?? (places[index] as number);
    const to = result.length - 1 - rank;
    const other = result[to] as number;
    result[from] = other;
    result[to] = index;
    moved.set(other, from);
  }
  return result;
}

/** Every block once, in strides of about the golden section of their number. */
function* shuffledBlocks(count: number): Generator<number> {
  const blocks = Math.ceil(count / BLOCK);
  let stride = Math.max(1, Math.round(blocks * 0.618));
  while (greatestCommonDivisor(stride, blocks) > 1) stride++;
  for (let i = 0, block = 0; i < blocks; i++, block = (block + stride) % blocks) yield block;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

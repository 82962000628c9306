/** So many of the most important points lie on top, at most this share of all. */
const MAX_ON_TOP = 1500;
const SHARE_ON_TOP = 0.1;
/** Points that stay together in the shuffle, so that memory is read in runs. */
const BLOCK = 64;

/**
 * The order to draw points in, first to last: filtered-out ones below, then all others in a
 * fixed shuffle, then the most important ones, the very first on top. Shuffled, because where
 * points cover each other a systematic order would show the colors of its last points only.
 *
 * @param priority distinct point numbers, most important first
 * @param visible one entry per point, 0 for a filtered-out one; or null
 * @param drawn one entry per point, 0 for one that is not drawn at all; or null
 */
export function drawOrder(
  count: number,
  priority: Uint32Array,
  visible: Uint8Array | null,
  drawn: Uint8Array | null = null,
): Uint32Array {
  const limit = Math.ceil(Math.min(MAX_ON_TOP, count * SHARE_ON_TOP));
  const top = priority
    .subarray(0, limit)
    .filter((index) => index < count && (visible === null || visible[index] !== 0));
  const isTop = new Uint8Array(count);
  for (const index of top) isTop[index] = 1;

  const order = new Uint32Array(count);
  let low = 0;
  let high = count - top.length;
  const firstShown = visible === null ? 0 : high - shownCount(visible, isTop);
  let shown = firstShown;
  for (const block of shuffledBlocks(count)) {
    const end = Math.min((block + 1) * BLOCK, count);
    for (let index = block * BLOCK; index < end; index++) {
      if (isTop[index] === 1) continue;
      if (visible === null || visible[index] !== 0) order[shown++] = index;
      else order[low++] = index;
    }
  }
  for (let rank = top.length - 1; rank >= 0; rank--) order[high++] = top[rank] as number;
  return drawn === null ? order : order.filter((index) => drawn[index] !== 0);
}

function shownCount(visible: Uint8Array, isTop: Uint8Array): number {
  let shown = 0;
  for (let index = 0; index < isTop.length; index++) {
    if (visible[index] !== 0 && isTop[index] === 0) shown++;
  }
  return shown;
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

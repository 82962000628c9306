/** Sorts names of runs by folder and number, and shortens them folder by folder. */

const NUMBER = /(\d+(?:\.\d+)?(?:e[+-]?\d+)?)/i;

/** Compares two names: `seed2` comes before `seed10`, and `lr=1e-10` before `lr=1e-2`. */
export function byNaturalOrder(one: string, other: string): number {
  const [a, b] = [one.split("/"), other.split("/")];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = comparePart(a[at] ?? "", b[at] ?? "");
    if (order) return order;
  }
  return a.length - b.length || compareText(one, other);
}

function comparePart(one: string, other: string): number {
  const [a, b] = [one.split(NUMBER), other.split(NUMBER)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [left = "", right = ""] = [a[at], b[at]];
    // Every other piece is a number.
    const order = at % 2 ? Number(left) - Number(right) : compareText(left, right);
    if (order) return order;
  }
  return a.length - b.length;
}

const { compare: compareText } = new Intl.Collator("en", { sensitivity: "base" });

/** Names without the folders that all of them have in common, at the start and at the end. */
export interface Folded {
  /** Such as `sweep/` and `/embeddings`; empty for none. */
  readonly before: string;
  readonly after: string;
  /** Returns what is left of a name. */
  short(name: string): string;
}

/** Leaves out what all names have in common, folder by folder; nothing of a single name. */
export function foldNames(names: readonly string[]): Folded {
  const [first = [], ...others] = names.map((name) => name.split("/"));
  const most = Math.min(...[first, ...others].map((parts) => parts.length)) - 1;
  const isShared = (at: number) => others.every((parts) => parts.at(at) === first.at(at));
  let [start, end] = [0, 0];
  if (others.length) {
    while (start < most && isShared(start)) start++;
    while (start + end < most && isShared(-1 - end)) end++;
  }
  return {
    before: [...first.slice(0, start), ""].join("/"),
    after: ["", ...first.slice(first.length - end)].join("/"),
    short: (name) => {
      const parts = name.split("/");
      return parts.slice(start, parts.length - end).join("/");
    },
  };
}

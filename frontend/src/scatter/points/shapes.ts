/** Defines the shapes of points, which tell categories apart without colors. */

/** Corners of each shape, for a point of radius 1; none for a disk. The y axis goes down. */
const SHAPES: readonly (readonly (readonly [x: number, y: number])[])[] = [
  [],
  turned(4, 1.25, Math.PI / 4),
  turned(3, 1.35, -Math.PI / 2),
  turned(4, 1.3, 0),
  plus(1.25, 0.42),
  turned(3, 1.35, Math.PI / 2),
];

/** How far a corner lies from the middle at most, for a point of radius 1. */
export const REACH = 1.35;

/** Points that are smaller than this, in CSS pixels, are disks: no other shape could be made out. */
export const SMALLEST_SHAPED = 4;

/** Returns the shape of the points that have a color of the palette's categories. */
export function shapeOf(color: number): number {
  return color % SHAPES.length;
}

/** Returns the corners about a place, for a point of a radius. */
export function cornersOf(shape: number, x: number, y: number, radius: number) {
  return (SHAPES[shape] ?? []).map(([dx, dy]) => [x + dx * radius, y + dy * radius] as const);
}

function turned(corners: number, reach: number, from: number) {
  return Array.from({ length: corners }, (_, at) => {
    const angle = from + (2 * Math.PI * at) / corners;
    return [reach * Math.cos(angle), reach * Math.sin(angle)] as const;
  });
}

function plus(reach: number, half: number) {
  const arm = [
    [-half, -half],
    [-half, -reach],
    [half, -reach],
  ] as const;
  return [0, 1, 2, 3].flatMap((quarter) =>
    arm.map(([x, y]) => {
      const [cos, sin] = [Math.cos((quarter * Math.PI) / 2), Math.sin((quarter * Math.PI) / 2)];
      return [x * cos - y * sin, x * sin + y * cos] as const;
    }),
  );
}

/** Writes from where the map is looked at into a link, as `x_y_z_zoom_yaw_pitch`. */

import type { Eye } from "../../scatter/scatter";

export function encodeEye(eye: Eye | null): string {
  return eye ? [...eye.center, eye.zoom, eye.yaw, eye.pitch].join("_") : "";
}

/** undefined for what is not such a text. */
export function decodeEye(text: string): Eye | undefined {
  const numbers = text.split("_").map((part) => (part.trim() ? Number(part) : Number.NaN));
  const [x = 0, y = 0, z = 0, zoom = 0, yaw = 0, pitch = 0] = numbers;
  const isSound = numbers.length === 6 && numbers.every((one) => Math.abs(one) < 1e6);
  return isSound && zoom > 0 ? { center: [x, y, z], zoom, yaw, pitch } : undefined;
}

import type { Scatter } from "../scatter/scatter";

/** What browsers can record, the best first. */
const TYPES = [
  "video/webm;codecs=vp9",
  "video/webm;codecs=vp8",
  "video/webm",
  "video/mp4;codecs=avc1",
  "video/mp4",
] as const;

const BITS_PER_SECOND = 12_000_000;
/** Each step is shown so long once its points have arrived. */
const REST_MS = 450;

/** The kind of film that this browser records; null if it records none. */
export function movieType(): string | null {
  if (typeof MediaRecorder === "undefined") return null;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

export interface MovieScene {
  readonly scatter: Scatter;
  /** How often `show` is called. */
  readonly steps: number;
  /** Goes to a step; resolved when its points are under way or there. */
  show(at: number, signal: AbortSignal): Promise<void>;
  /** Draws what is said beside the points upon a frame. */
  furnish(brush: CanvasRenderingContext2D, at: number): void;
  /** Calls back after each frame of the map; returns what ends that. */
  onFrame(callback: () => void): () => void;
  progress(share: number): void;
}

/**
 * Films the map as it goes through the steps, in the time that it takes to draw them.
 *
 * @returns the film, or null if the signal was aborted
 */
export async function film(
  scene: MovieScene,
  type: string,
  signal: AbortSignal,
): Promise<Blob | null> {
  const { canvas: source } = scene.scatter;
  const canvas = document.createElement("canvas");
  // Encoders take even numbers only.
  canvas.width = source.width & ~1;
  canvas.height = source.height & ~1;
  const brush = canvas.getContext("2d", { alpha: false });
  if (brush === null) throw new Error("This browser offers no 2-D canvas.");
  let at = 0;
  const copy = () => {
    brush.drawImage(source, 0, 0);
    scene.furnish(brush, at);
  };
  const stream = canvas.captureStream(0);
  const [track] = stream.getVideoTracks() as CanvasCaptureMediaStreamTrack[];
  const recorder = new MediaRecorder(stream, {
    mimeType: type,
    videoBitsPerSecond: BITS_PER_SECOND,
  });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => {
    recorder.onstop = resolve;
  });
  const unlisten = scene.onFrame(copy);
  try {
    await scene.show(0, signal);
    await still(scene.scatter, signal);
    recorder.start();
    const frames = setInterval(() => track?.requestFrame(), 1000 / 30);
    try {
      for (; at < scene.steps; at++) {
        await scene.show(at, signal);
        await still(scene.scatter, signal);
        scene.progress((at + 1) / scene.steps);
        if (signal.aborted) break;
      }
    } finally {
      clearInterval(frames);
    }
  } finally {
    unlisten();
    if (recorder.state !== "inactive") recorder.stop();
    track?.stop();
  }
  if (signal.aborted) return null;
  await stopped;
  return new Blob(parts, { type: type.split(";")[0] ?? type });
}

/** Waits until the points stand still, and for a moment more. */
async function still(scatter: Scatter, signal: AbortSignal): Promise<void> {
  let since = performance.now();
  while (!signal.aborted && performance.now() - since < REST_MS) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (scatter.isMoving) since = performance.now();
  }
}

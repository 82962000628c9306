/** Records a movie of the map going through the steps. */

import { copyFrame, type FilmScene, filmCanvas, still } from "./film_frames";

/** What browsers can record, the one first that most programs show. */
const TYPES = [
  "video/mp4;codecs=avc1.640028",
  "video/mp4;codecs=avc1",
  "video/webm;codecs=vp9",
  "video/webm;codecs=vp8",
  "video/webm",
  "video/mp4",
] as const;

const BITS_PER_SECOND = 12_000_000;
const FRAMES_PER_SECOND = 30;
/** Recorders give up on larger images, or fall behind. */
const LONGEST = 1920;
/** Each step is shown so long once its points have arrived. */
const REST_MS = 450;
/** A recorder that fell behind leaves no more than a head. */
const LEAST_BYTES = 1000;

/** How long points take from step to step. */
export const MOVIE_STEP_MS = 600;

/** The kind of film that this browser records; null if it records none. */
export function movieType(): string | null {
  const hasStream = "captureStream" in HTMLCanvasElement.prototype;
  if (typeof MediaRecorder === "undefined" || !hasStream) return null;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

export function extensionOf(type: string): "mp4" | "webm" {
  return type.startsWith("video/mp4") ? "mp4" : "webm";
}

/**
 * Films the map as it goes through the steps, in the time that it takes to draw them.
 *
 * @returns the film, or null if the signal was aborted
 * @throws Error if the browser recorded nothing
 */
export async function movie(
  scene: FilmScene,
  type: string,
  signal: AbortSignal,
): Promise<Blob | null> {
  const brush = filmCanvas(scene.scatter.canvas, LONGEST, false);
  let at = 0;
  const unlisten = scene.onFrame(() => copyFrame(brush, scene, at));
  const recording = new Recording(brush.canvas, type);
  try {
    await scene.show(0, signal);
    await still(scene.scatter, REST_MS, signal);
    recording.start();
    for (; at < scene.steps && !signal.aborted; at++) {
      await scene.show(at, signal);
      await still(scene.scatter, REST_MS, signal);
      scene.progress((at + 1) / scene.steps);
    }
  } finally {
    unlisten();
    recording.stop();
  }
  if (signal.aborted) return null;
  const film = await recording.film;
  if (film.size < LEAST_BYTES) throw new Error("the browser recorded nothing");
  return film;
}

function isAsked(): boolean {
  const known = typeof CanvasCaptureMediaStreamTrack !== "undefined";
  return known && "requestFrame" in CanvasCaptureMediaStreamTrack.prototype;
}

/** A canvas being recorded. */
class Recording {
  /** What was recorded, once it was stopped. */
  readonly film: Promise<Blob>;
  private readonly recorder: MediaRecorder;
  private readonly track: MediaStreamTrack | undefined;
  private frames: ReturnType<typeof setInterval> | undefined;

  constructor(canvas: HTMLCanvasElement, type: string) {
    // Where the track can't be asked for frames, as in Firefox, it gives them by itself.
    const stream = canvas.captureStream(isAsked() ? 0 : FRAMES_PER_SECOND);
    [this.track] = stream.getVideoTracks();
    this.recorder = new MediaRecorder(stream, {
      mimeType: type,
      videoBitsPerSecond: BITS_PER_SECOND,
    });
    const parts: Blob[] = [];
    this.recorder.ondataavailable = ({ data }) => parts.push(data);
    this.film = new Promise((resolve) => {
      this.recorder.onstop = () => resolve(new Blob(parts, { type: type.split(";")[0] ?? type }));
    });
  }

  start(): void {
    this.recorder.start();
    if (!isAsked()) return;
    const track = this.track as CanvasCaptureMediaStreamTrack;
    this.frames = setInterval(() => track.requestFrame(), 1000 / FRAMES_PER_SECOND);
  }

  stop(): void {
    clearInterval(this.frames);
    if (this.recorder.state !== "inactive") this.recorder.stop();
    this.track?.stop();
  }
}

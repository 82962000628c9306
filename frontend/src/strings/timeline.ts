/** Holds the texts of the timeline. */

export const timelineText = {
  step: "Step",
  reference: "Reference",
  play: "Play",
  playHint: "Play (Space)",
  pause: "Pause",
  pauseHint: "Pause (Space)",
  loopPlaying: "Loop",
  loopHint: "Play over and over",
  speed: "Steps per second",
  allInTen: "All in 10 s",
  previousStep: "Previous step",
  previousStepHint: "Previous step (←); first: Home",
  nextStep: "Next step",
  nextStepHint: "Next step (→); newest: End",
  stepOf: (at: number, all: number) => `${at} of ${all}`,
  medianDriftIs: (drift: string) => `median drift ${drift} from the first`,
  pickHint: "Click: go to this step",
  brushHint: "Shift and drag: compare two steps",
  settled: "settled",
  newest: "newest",
} as const;

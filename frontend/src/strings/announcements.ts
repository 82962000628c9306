/** Holds the sentences that screen readers read out when the page changes. */

import { count, counted, stepText } from "../util/number_format";

export const announcedText = {
  saidStep: (step: number, at: number, all: number) =>
    `Step ${stepText(step)}, ${at} of ${count(all)}.`,
  saidReference: (step: number, run: string | null) =>
    `Measured from step ${stepText(step)}${run === null ? "" : ` of run ${run}`}.`,
  saidPlaying: "Playing.",
  saidToken: (token: string, measure: string, drift: string | null) =>
    drift === null ? `${token} selected.` : `${token} selected, ${measure} ${drift}.`,
  saidTokens: (tokens: number, token: string) =>
    `${count(tokens)} tokens selected, ${token} the last of them.`,
  saidNoneSelected: "Nothing selected.",
  saidIsolated: (tokens: number) => `The map shows ${counted(tokens, "token")} only.`,
  saidAll: "The map shows all tokens.",
  saidListed: (tokens: number) => `${counted(tokens, "token")} in the table.`,
} as const;

/** Tests the running only the newest task. */

import { describe, expect, it } from "vitest";
import { deferred } from "../../test/deferred";
import { LatestTask } from "./latest_task";

describe("Latest", () => {
  it("gives the value of a task that nothing overtook", async () => {
    expect(await new LatestTask().run(async () => 7)).toEqual({ value: 7 });
  });

  it("aborts the older task and gives null for it, also when it answers later", async () => {
    const latest = new LatestTask();
    const slow = deferred<string>();
    let aborted = false;
    const first = latest.run((signal) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return slow.promise;
    });
    const second = latest.run(async () => "new");
    slow.resolve("old");
    expect(aborted).toBe(true);
    expect(await first).toBeNull();
    expect(await second).toEqual({ value: "new" });
  });

  it("hides the failure of an overtaken task, and passes on that of the newest", async () => {
    const latest = new LatestTask();
    const fail = async () => {
      throw new Error("no");
    };
    const first = latest.run(fail);
    const second = latest.run(fail);
    expect(await first).toBeNull();
    await expect(second).rejects.toThrow("no");
  });
});

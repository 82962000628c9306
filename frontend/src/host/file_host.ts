/** Connects a page in a file of its own to its window, or to the notebook that shows it in a frame. */

import { WindowHost } from "./host";

export class FileHost extends WindowHost {
  /** All files on a disk would share what the browser keeps. */
  override readonly storage = null;

  protected override replaceHash(hash: string): void {
    try {
      // The whole address: in a frame of a notebook, a hash alone is one of the notebook's.
      super.replaceHash(this.window.location.href.replace(/#.*/s, "") + hash);
    } catch {
      // Some browsers give a page in such a frame no address of its own.
    }
  }
}

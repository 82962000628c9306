// Runs in every frame before the page's own scripts: what each frame with points costs.
(() => {
  const LEAST_POINTS = 1000;
  const REST_MS = 30;
  // "own": from the beginning of its callback until its pixels can be read back. Before that
  // the GPU is given time to end what it does for the frame before. "pace": from one frame to
  // the next, with nothing read back and all that the browser does around them.
  window.frameCosts = { kind: "own", costs: [] };
  let drew = false;
  let context = null;
  for (const name of ["drawElements", "drawArrays"]) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...args) {
      draw.apply(this, args);
      const count = name === "drawArrays" ? args[2] : args[1];
      if (args[0] !== 0 || count < LEAST_POINTS) return;
      drew = true;
      context = this;
    };
  }
  const pixel = new Uint8Array(4);
  const finish = () =>
    context?.readPixels(0, 0, 1, 1, context.RGBA, context.UNSIGNED_BYTE, pixel);
  const rest = () => {
    const until = performance.now() + REST_MS;
    while (performance.now() < until);
    finish();
  };
  const ask = window.requestAnimationFrame;
  let before = null;
  window.requestAnimationFrame = (callback) =>
    ask.call(window, (now) => {
      const { kind, costs } = window.frameCosts;
      if (kind === "own") rest();
      const begin = performance.now();
      drew = false;
      callback(now);
      if (drew && kind === "own") {
        finish();
        costs.push(performance.now() - begin);
      }
      if (drew && kind === "pace" && before !== null) costs.push(begin - before);
      before = drew ? begin : null;
    });
})();

// Runs in every frame before the page's own scripts: what each frame with points costs,
// from the beginning of its callback until its pixels can be read back.
(() => {
  const LEAST_POINTS = 1000;
  window.frameCosts = [];
  let drew = null;
  for (const name of ["drawElements", "drawArrays"]) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...args) {
      draw.apply(this, args);
      const count = name === "drawArrays" ? args[2] : args[1];
      if (args[0] === 0 && count >= LEAST_POINTS) drew = this;
    };
  }
  const ask = window.requestAnimationFrame;
  const pixel = new Uint8Array(4);
  window.requestAnimationFrame = (callback) =>
    ask.call(window, (now) => {
      const begin = performance.now();
      drew = null;
      callback(now);
      if (drew === null) return;
      drew.readPixels(0, 0, 1, 1, drew.RGBA, drew.UNSIGNED_BYTE, pixel);
      window.frameCosts.push(performance.now() - begin);
    });
})();

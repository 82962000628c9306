// Runs in every frame before the page's own scripts: tells when points are really on
// screen. A frame counts once its pixels were read back, so that a time holds the
// drawing too, not only its submission.
(() => {
  const drawn = { key: 0, clicked: 0, last: 0, wanted: null, resting: false };
  window.drawn = drawn;
  drawn.now = () => performance.timeOrigin + performance.now();
  addEventListener("keydown", () => { drawn.key = drawn.now(); }, true);
  addEventListener("mousedown", () => { drawn.clicked = drawn.now(); }, true);

  // Resolves to the time of the first frame of so many points for which ready() holds.
  drawn.first = (points, ready) =>
    new Promise((resolve) => { drawn.wanted = { points, ready, resolve }; });

  // Resolves to the time of the last frame once ready() holds and nothing moves any more.
  drawn.rest = (ready, still = 400) => {
    drawn.resting = true;
    drawn.last = 0;
    return new Promise((resolve) => {
      const look = () => {
        if (drawn.last && ready() && drawn.now() - drawn.last > still) {
          drawn.resting = false;
          resolve(drawn.last);
        } else setTimeout(look, 20);
      };
      look();
    });
  };

  // Times of all frames while `until` resolves.
  drawn.frames = async (until) => {
    drawn.times = [];
    drawn.resting = true;
    await until();
    drawn.resting = false;
    return drawn.times;
  };

  function inked(gl) {
    const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    const bytes = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    const pixels = new Uint32Array(bytes.buffer);
    let ink = 0;
    for (const pixel of pixels) if (pixel !== pixels[0]) ink++;
    return ink >= 500;
  }

  function onDraw(gl, points) {
    if (points < 1000 || gl.getParameter(gl.FRAMEBUFFER_BINDING) !== null) return;
    const { wanted } = drawn;
    const isWanted = wanted && points >= wanted.points && wanted.ready();
    if (!isWanted && !drawn.resting) return;
    // An empty frame, or one that looks elsewhere, shows nothing.
    if (!inked(gl)) return;
    drawn.last = drawn.now();
    drawn.times?.push(drawn.last);
    if (isWanted) {
      drawn.wanted = null;
      wanted.resolve(drawn.last);
    }
  }

  const POINTS = 0;
  const counted = {
    drawArrays: ([mode, , count]) => (mode === POINTS ? count : 0),
    drawElements: ([mode, count]) => (mode === POINTS ? count : 0),
    drawArraysInstanced: ([, , , instances]) => instances,
    drawElementsInstanced: ([, , , , instances]) => instances,
  };
  for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
    for (const [name, countOf] of Object.entries(counted)) {
      const draw = kind.prototype[name];
      if (!draw) continue;
      kind.prototype[name] = function (...args) {
        draw.apply(this, args);
        onDraw(this, countOf(args));
      };
    }
  }
})();

// Runs in every frame before the page's own scripts: tells when points are really on
// screen. A frame counts once its pixels were read back, so that a time holds the
// drawing too, not only its submission.
(() => {
  const drawn = { key: 0, clicked: 0, last: 0, wanted: null, resting: false };
  window.drawn = drawn;
  drawn.now = () => performance.timeOrigin + performance.now();
  addEventListener("keydown", () => { drawn.key = drawn.now(); }, true);
  addEventListener("mousedown", () => { drawn.clicked = drawn.now(); }, true);

  // Resolves to the time of the first frame of so many points for which ready() holds; of
  // the second one where the first is that of points about to move.
  drawn.first = (points, ready, frames = 1) =>
    new Promise((resolve) => { drawn.wanted = { points, ready, resolve, frames }; });

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

  let pixels = new Uint32Array(0);

  // Waits until all is drawn.
  function readBack(gl) {
    const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
    if (pixels.length !== width * height) pixels = new Uint32Array(width * height);
    const bytes = new Uint8Array(pixels.buffer);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  }

  function isInked() {
    let ink = 0;
    for (const pixel of pixels) if (pixel !== pixels[0] && ++ink >= 500) return true;
    return false;
  }

  // Points that are drawn off screen, part by part, are seen once they are copied there.
  let offScreen = 0;
  const isOffScreen = (gl) => gl.getParameter(gl.DRAW_FRAMEBUFFER_BINDING) !== null;
  const { blitFramebuffer, clear } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.clear = function (...args) {
    clear.apply(this, args);
    if (isOffScreen(this)) offScreen = 0;
  };
  WebGL2RenderingContext.prototype.blitFramebuffer = function (...args) {
    blitFramebuffer.apply(this, args);
    // What is read back is the screen.
    const from = this.getParameter(this.READ_FRAMEBUFFER_BINDING);
    this.bindFramebuffer(this.READ_FRAMEBUFFER, null);
    onDraw(this, offScreen);
    this.bindFramebuffer(this.READ_FRAMEBUFFER, from);
  };

  function onDraw(gl, points) {
    if (points < 1000) return;
    if (gl.getParameter(gl.FRAMEBUFFER_BINDING) !== null) {
      offScreen += points;
      return;
    }
    const { wanted } = drawn;
    const isWanted = wanted && points >= wanted.points && wanted.ready();
    if (!isWanted && !drawn.resting) return;
    readBack(gl);
    // Before the pixels are looked at, which is no part of either viewer's work.
    const now = drawn.now();
    // An empty frame, or one that looks elsewhere, shows nothing.
    if (!isInked()) return;
    drawn.last = now;
    drawn.times?.push(now);
    if (isWanted && --wanted.frames <= 0) {
      drawn.wanted = null;
      wanted.resolve(now);
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
